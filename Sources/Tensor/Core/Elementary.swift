import Glibc

/// Elementary functions of both precisions under one name.
public enum Elementary {
  public static func exp(_ x: Float) -> Float { expf(x) }
  public static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  public static func log(_ x: Float) -> Float { logf(x) }
  public static func log(_ x: Double) -> Double { Glibc.log(x) }
  public static func sin(_ x: Float) -> Float { sinf(x) }
  public static func sin(_ x: Double) -> Double { Glibc.sin(x) }
  public static func cos(_ x: Float) -> Float { cosf(x) }
  public static func cos(_ x: Double) -> Double { Glibc.cos(x) }
  public static func tanh(_ x: Float) -> Float { tanhf(x) }
  public static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
  public static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  public static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
}
