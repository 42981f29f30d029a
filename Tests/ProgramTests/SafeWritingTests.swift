import Testing

/// What is on the disk after things went wrong.
@Suite struct SafeWritingTests {
  /// A limit on the size of files stands for a full disk.
  @Test(arguments: ["x.mrc", "x.tif", "x.h5", "x.npy", "x.npz", "x.zarr", "x.mrc.gz"])
  func aFullDiskLeavesNothingBehind(_ name: String) throws {
    let folder = try Scratch()
    let line = """
      ulimit -f 16; exec "$DN" -c 'v = rand(10, 80, 80)
      try { save v "\(name)" compress=none } catch e { print e.message }
      print v.shape'
      """
    let result = try Dn.shell(line, in: folder)
    #expect(result.output.contains("the disk is full: \"\(name)\" was not written"))
    #expect(result.output.contains("[10, 80, 80]"))
    #expect(try Dn.shell("ls -A", in: folder).output == "")
  }

  /// Whenever the program is killed, the file is the old one or the new one.
  @Test(arguments: ["x.mrc", "x.h5", "x.zarr"]) func aKilledSaveLeavesAWholeFile(_ name: String)
    throws
  {
    let folder = try Scratch()
    let line = """
      for pause in 0.05 0.14 0.21; do
        rm -rf "\(name)"
        "$DN" -c 'n = 0
          while true { n = n + 1; save full([32, 64, 64], n) "\(name)" overwrite=true }' 2>/dev/null &
        until [ -e "\(name)" ] || ! kill -0 $!; do sleep 0.01; done
        sleep $pause; kill -9 $!; wait $! 2>/dev/null
        "$DN" -c 'v = load "\(name)"
          print v.min == v.max, v.shape' 2>&1
      done
      "$DN" -c 'save full([2, 2], 1) "\(name)" overwrite=true'
      ls -A
      """
    let result = try Dn.shell(line, in: folder)
    let whole = "true [32, 64, 64]\n"
    #expect(result.output == whole + whole + whole + "\(name)\n")
  }
}
