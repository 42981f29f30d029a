import Commands

/// Progress in one line that fits the window.
enum ProgressLine {
  private static let widestBar = 30
  private static let narrowestBar = 8

  /// `train [######------] 43%  0:42 left  loss 0.012  best 0.011  12 step/s`
  ///
  /// - Parameter width: letters there are. What does not fit is left out, the least telling first.
  static func text(_ update: ProgressUpdate, width: Int) -> String {
    let percent = percent(update)
    var line = "\(update.task) \(percent)"
    guard line.count <= width else { return String(line.prefix(max(0, width))) }
    var pieces = timeLeft(update).map { ["\($0) left"] } ?? []
    pieces += update.facts.map { "\($0.name) \($0.value)" }
    let bar = narrowestBar + 3
    var used = line.count
    var shown: [String] = []
    var hasBar = false
    for piece in pieces where used + piece.count + 2 <= width {
      shown.append(piece)
      used += piece.count + 2
    }
    if used + bar <= width {
      used += bar
      hasBar = true
    }
    if let rate = rate(update), used + rate.count + 2 <= width {
      shown.append(rate)
      used += rate.count + 2
    }
    if hasBar {
      let letters = min(widestBar, narrowestBar + width - used)
      line = "\(update.task) [\(self.bar(share(update), letters))] \(percent)"
    }
    return ([line] + shown).joined(separator: "  ")
  }

  /// The same without a bar, for a log: `train 43%  0:42 left  loss 0.012`.
  static func plain(_ update: ProgressUpdate) -> String {
    let pieces = timeLeft(update).map { ["\($0) left"] } ?? []
    let facts = update.facts.map { "\($0.name) \($0.value)" }
    return (["\(update.task) \(percent(update))"] + pieces + facts).joined(separator: "  ") + "\n"
  }

  /// What remains to be said of work that took a while: `train: 0:20, loss 0.012, best 0.011`.
  static func summary(_ update: ProgressUpdate) -> String {
    let how = update.done < 1 ? "\(percent(update)) in " : ""
    let facts = update.facts.map { "\($0.name) \($0.value)" }
    return "\(update.task): "
      + (["\(how)\(duration(update.seconds))"] + facts)
      .joined(separator: ", ") + "\n"
  }

  private static func share(_ update: ProgressUpdate) -> Double {
    update.done.isFinite ? min(1, max(0, update.done)) : 0
  }

  private static func percent(_ update: ProgressUpdate) -> String {
    "\(Int((share(update) * 100).rounded(.down)))%"
  }

  private static func bar(_ share: Double, _ letters: Int) -> String {
    let full = Int((share * Double(letters)).rounded(.down))
    return String(repeating: "#", count: full) + String(repeating: "-", count: letters - full)
  }

  private static func timeLeft(_ update: ProgressUpdate) -> String? {
    let share = share(update)
    guard share > 0, share < 1, update.seconds >= 1 else { return nil }
    return duration(update.seconds * (1 - share) / share)
  }

  /// `12.3 step/s`, or `2.4 s/step` for what is slower than one a second.
  private static func rate(_ update: ProgressUpdate) -> String? {
    guard let rate = update.rate, rate.count > 0, update.seconds > 0 else { return nil }
    let perSecond = rate.count / update.seconds
    return perSecond >= 1
      ? "\(short(perSecond)) \(rate.unit)/s" : "\(short(1 / perSecond)) s/\(rate.unit)"
  }

  /// One decimal below a hundred, none above.
  private static func short(_ number: Double) -> String {
    guard number < 100 else { return "\(Int(min(number, 1e9).rounded()))" }
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// `0:42`, `2:05:09`.
  static func duration(_ seconds: Double) -> String {
    let whole = seconds.isFinite ? Int(min(max(0, seconds), 1e8).rounded()) : 0
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(padded(minutes)):\(padded(whole % 60))" : "\(minutes):\(padded(whole % 60))"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
