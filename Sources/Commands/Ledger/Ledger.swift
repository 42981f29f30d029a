import Formats
import Glibc
import Lang

/// Where a session keeps its runs.
final class Ledger {
  /// The folder of runs that are kept under a name alone.
  static let home = "runs"

  /// The folder in which every training is kept; nil where only those are that ask for it.
  ///
  /// `DN_RUNS` in the environment names one at the start.
  var folder: String?
  /// Runs that got their name from here.
  private var automatic = 0
  /// Set while a script is repeated: nothing is written but the one run.
  var rehearsal: Rehearsal?

  init() {
    let named = getenv("DN_RUNS").map { String(cString: $0) } ?? ""
    folder = named.isEmpty ? nil : named
  }

  /// Where a training is kept, and what makes it the same training when the script runs again.
  struct Place {
    let folder: RunFolder
    let name: String
    let key: String
    let overwrite: Bool
  }

  /// The place for a training; nil where it is not kept.
  ///
  /// - Parameters:
  ///   - save: the folder that the user named, or true for one in the ledger.
  ///   - name: the run's name.
  ///   - stem: what a name is made of where none is given.
  /// - Throws: `LangError` for a name that cannot be a folder's.
  func place(save: Either<Bool, String>?, name: String?, overwrite: Bool, stem: String) throws
    -> Place?
  {
    if let name, name.isEmpty || name.contains("/") || name.hasPrefix(".") {
      throw LangError("\"\(name)\" cannot be a run's name", argument: "name")
    }
    if case .second(let path)? = save {
      let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      guard !trimmed.isEmpty else {
        throw LangError("the folder's name is empty", argument: "save")
      }
      let last = trimmed.split(separator: "/").last.map(String.init) ?? trimmed
      return redirected(
        Place(
          folder: RunFolder(path: trimmed), name: name ?? last, key: trimmed, overwrite: overwrite))
    }
    if case .first(false)? = save { return nil }
    guard folder != nil || save != nil || name != nil else { return nil }
    let home = folder ?? Ledger.home
    if let name {
      return redirected(
        Place(
          folder: RunFolder(path: home + "/" + name), name: name, key: home + "/" + name,
          overwrite: overwrite))
    }
    automatic += 1
    let free = (1...).lazy.map { "\(stem)-\($0)" }
      .first { !Folder.isThere(home + "/" + $0) }
    let chosen = free ?? stem
    return redirected(
      Place(
        folder: RunFolder(path: home + "/" + chosen), name: chosen, key: "#\(automatic)",
        overwrite: false))
  }

  private func redirected(_ place: Place) -> Place? {
    guard let rehearsal else { return place }
    guard place.key == rehearsal.key else { return nil }
    return Place(
      folder: rehearsal.folder, name: rehearsal.name, key: place.key, overwrite: place.overwrite)
  }

  /// Run folders in a folder, in the ledger's and in this one, each once.
  static func folders(in path: String?) -> [RunFolder] {
    let places = path.map { [$0] } ?? [".", Ledger.home]
    var found: [RunFolder] = []
    for place in places {
      let prefix = place == "." ? "" : place + "/"
      if place != ".", RunFolder(path: place).isThere { found.append(RunFolder(path: place)) }
      found += Folder.names(in: place).map { RunFolder(path: prefix + $0) }.filter(\.isThere)
    }
    return found
  }
}

/// A script that is run again to repeat one of its trainings.
final class Rehearsal {
  /// The training's `key`, and how many parts it has.
  let key: String
  let parts: Int
  /// Where its run goes now.
  let folder: RunFolder
  let name: String
  /// Parts that are done.
  var done = 0

  init(key: String, parts: Int, folder: RunFolder, name: String) {
    self.key = key
    self.parts = parts
    self.folder = folder
    self.name = name
  }
}

extension Context {
  var ledger: Ledger { state(default: Ledger.init) }

  /// Whether commands write the files they are told to; not while a run is repeated.
  var writesFiles: Bool { ledger.rehearsal == nil }
}
