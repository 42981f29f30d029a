import Glibc

extension Double {
  static func log10(_ value: Double) -> Double { Glibc.log10(value) }
  static func exp10(_ value: Double) -> Double { Glibc.pow(10, value) }
}
