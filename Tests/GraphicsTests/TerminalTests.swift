import Graphics
import Testing

@Suite struct TerminalTests {
  private func picture() throws -> Raster {
    let colors = [RGB(255, 0, 0), RGB(0, 255, 0), RGB(0, 0, 255), RGB(255, 255, 255)]
    let pixels = (0..<9 * 13).flatMap { i -> [UInt8] in
      let color = colors[(i * i / 7 + i / 20) % 4]
      return [color.red, color.green, color.blue]
    }
    return try Raster(pixels, width: 9, height: 13)
  }

  /// RFC 4648, section 10.
  @Test func base64() {
    let pairs = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
      "foobar": "Zm9vYmFy",
    ]
    for (plain, encoded) in pairs { #expect(Base64.encoded(Array(plain.utf8)) == encoded) }
  }

  @Test func sixelsGiveThePictureBack() throws {
    let raster = try picture()
    #expect(try SixelReader(Sixel.encoded(raster)).raster() == raster)
  }

  @Test func manyColoursAreDithered() throws {
    let pixels = (0..<64 * 64).flatMap { (i: Int) -> [UInt8] in
      [UInt8(i % 64 * 4), UInt8(i / 64 * 4), UInt8((i * 3) % 256)]
    }
    let raster = try Raster(pixels, width: 64, height: 64)
    let back = try SixelReader(Sixel.encoded(raster)).raster()
    func mean(_ raster: Raster, _ channel: Int) -> Double {
      stride(from: channel, to: raster.pixels.count, by: 3).reduce(0.0) {
        $0 + Double(raster.pixels[$1])
      } / Double(raster.pixels.count / 3)
    }
    for channel in 0..<3 { #expect(abs(mean(raster, channel) - mean(back, channel)) < 4) }
  }

  @Test func kittyGivesThePictureBack() throws {
    let raster = try picture().enlarged(5)
    let pieces = InlinePicture.kitty(raster).split(separator: "\u{1b}_G").map(String.init)
    #expect(pieces.count > 1)
    var letters = ""
    for (i, piece) in pieces.enumerated() {
      let body = try #require(piece.hasSuffix("\u{1b}\\") ? piece.dropLast(2) : nil)
      let parts = body.split(separator: ";", maxSplits: 1)
      #expect(parts[0].hasSuffix(i == pieces.count - 1 ? "m=0" : "m=1"))
      #expect(parts[1].utf8.count <= 4096)
      letters += parts[1]
    }
    #expect(pieces[0].contains("f=24,s=45,v=65"))
    #expect(Base64Reader.decoded(letters) == raster.pixels)
  }

  @Test func iTermGetsAPNG() throws {
    let raster = try picture()
    let text = try InlinePicture.iTerm2(raster)
    #expect(text.hasPrefix("\u{1b}]1337;File=inline=1;size=") && text.hasSuffix("\u{07}"))
    let letters = try #require(text.dropLast().split(separator: ":").last)
    let file = Base64Reader.decoded(String(letters))
    #expect(text.contains("size=\(file.count);"))
    #expect(try PNGReader(file).samples == raster.pixels.map(Int.init))
  }

  @Test func halfBlocksHoldTwoPixels() throws {
    let raster = try Raster([255, 0, 0, 0, 0, 255], width: 1, height: 2)
    let full = TextPicture.drawn(raster, columns: 10, rows: 10)
    #expect(full == "\u{1b}[38;2;255;0;0;48;2;0;0;255m▀\u{1b}[0m\n")
    let palette = TextPicture.drawn(raster, columns: 10, rows: 10, depth: .palette)
    #expect(palette == "\u{1b}[38;5;196;48;5;21m▀\u{1b}[0m\n")
  }

  @Test func picturesFitTheirPlace() throws {
    let raster = try picture().enlarged(10)
    for depth in ColorDepth.allCases {
      let lines = TextPicture.drawn(raster, columns: 20, rows: 8, depth: depth)
        .split(separator: "\n")
      #expect(lines.count <= 8)
      let blocks = lines.map { line in line.count { depth == .none || $0 == "▀" } }
      #expect(blocks.allSatisfy { $0 == blocks[0] && $0 <= 20 })
    }
  }

  @Test func withoutColourThereAreNoControlCodes() throws {
    let text = TextPicture.drawn(try picture(), depth: .none)
    #expect(!text.contains("\u{1b}"))
  }

  @Test func shadesRunFromBlankToDense() throws {
    let ramp = (0..<10).flatMap { i in [UInt8](repeating: UInt8(i * 255 / 9), count: 3) }
    let raster = try Raster(ramp + ramp, width: 10, height: 2)
    #expect(TextPicture.drawn(raster, columns: 10, rows: 1, depth: .none) == " .:-=+*#%@\n")
  }

  @Test func textPlotsHaveAxesAndLegend() throws {
    let plot = Plot(
      "title", x: Axis("epoch"), y: Axis("loss"),
      series: [Series("training", [4, 3, 2, 1]), Series("validation", [4, 3.5, 3, 2.9])])
    let text = try TextPlot(plot, columns: 60, rows: 10).drawn()
    let lines = text.split(separator: "\n")
    #expect(lines.count == 1 + 10 + 3 + 1)
    #expect(lines.allSatisfy { $0.count <= 60 })
    for word in ["title", "loss", "epoch", "training", "validation", "└"] {
      #expect(text.contains(word))
    }
    #expect(!text.contains("\u{1b}"))
    #expect(try TextPlot(plot, color: true).drawn().contains("\u{1b}[34m"))
  }

  @Test func aRisingLineRisesInBraille() throws {
    let plot = Plot(series: [Series("", [0, 1])])
    let lines = try TextPlot(plot, columns: 40, rows: 8).drawn().split(separator: "\n")
    let starts = lines.prefix(8).map { line in
      line.firstIndex { ("\u{2801}"..."\u{28ff}").contains($0) }
        .map { line.distance(from: line.startIndex, to: $0) }
    }
    let found = starts.compactMap { $0 }
    #expect(found.count == 8)
    #expect(found == found.sorted(by: >))
  }

  @Test func anEmptyTextPlotIsAnError() {
    #expect(throws: GraphicsError.self) { try TextPlot(Plot(series: [])).drawn() }
  }
}
