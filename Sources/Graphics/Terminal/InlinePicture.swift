/// A picture for terminals that take pixels as they are.
public enum InlinePicture {
  /// kitty's graphics protocol: red green blue bytes, in pieces of at most 4096 letters.
  ///
  /// - Returns: escape sequences from `ESC _ G` to `ESC \`; each but the last says that more comes.
  public static func kitty(_ raster: Raster) -> String {
    let letters = Array(Base64.encoded(raster.pixels).utf8)
    let starts = Array(stride(from: 0, to: letters.count, by: 4096))
    return starts.map { start in
      let end = min(start + 4096, letters.count)
      let more = end < letters.count ? 1 : 0
      let keys =
        start == 0
        ? "a=T,f=24,s=\(raster.width),v=\(raster.height),q=2,m=\(more)" : "m=\(more)"
      return "\u{1b}_G\(keys);\(String(decoding: letters[start..<end], as: UTF8.self))\u{1b}\\"
    }.joined()
  }

  /// iTerm2's inline images, which WezTerm and others take too: a PNG, shown pixel by pixel.
  ///
  /// - Throws: `GraphicsError` where there is no memory for the PNG.
  public static func iTerm2(_ raster: Raster) throws -> String {
    let file = try raster.png()
    let keys =
      "inline=1;size=\(file.count);width=\(raster.width)px;height=\(raster.height)px;"
      + "preserveAspectRatio=1"
    return "\u{1b}]1337;File=\(keys):\(Base64.encoded(file))\u{07}"
  }
}
