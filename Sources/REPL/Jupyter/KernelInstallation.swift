import Formats
import Glibc

/// The folder by which Jupyter knows a kernel.
struct KernelInstallation {
  let folder: String

  /// - Parameter prefix: as of `jupyter kernelspec install --prefix`; the user's own folder where
  ///   nil.
  /// - Throws: `ProgramError` where the user's own folder is not known.
  init(prefix: String?) throws {
    let kernels = "kernels/dn"
    if let prefix {
      folder = prefix + "/share/jupyter/" + kernels
    } else if let data = Terminal.variable("JUPYTER_DATA_DIR"), data.hasPrefix("/") {
      folder = data + "/" + kernels
    } else if let data = Terminal.variable("XDG_DATA_HOME"), data.hasPrefix("/") {
      folder = data + "/jupyter/" + kernels
    } else if let home = Terminal.variable("HOME"), home.hasPrefix("/") {
      folder = home + "/.local/share/jupyter/" + kernels
    } else {
      throw ProgramError("the folder of your own is not known", hint: "give `--prefix FOLDER`")
    }
  }

  /// - Returns: the folder.
  /// - Throws: `FormatError` where it cannot be written to.
  func write() throws -> String {
    let json = JSON.object(of: [
      "argv": .array(
        [try KernelInstallation.program, "jupyter", "kernel", "{connection_file}"].map(
          JSON.string)),
      "display_name": .string("dn"), "language": .string("dn"),
      "interrupt_mode": .string("signal"),
    ])
    try Folder.make(folder)
    try Formats.saveText(json.text() + "\n", folder + "/kernel.json", overwrite: true)
    return folder
  }

  /// The path of the program that runs.
  private static var program: String {
    get throws {
      guard let path = realpath("/proc/self/exe", nil) else {
        throw ProgramError("the program's own place is not known")
      }
      defer { free(path) }
      return String(cString: path)
    }
  }
}
