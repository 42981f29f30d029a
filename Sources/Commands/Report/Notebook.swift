import Formats
import Graphics
import Lang

/// A session as a Jupyter notebook (nbformat 4.5): prose and code cells with their outputs.
struct Notebook {
  private var cells: [JSON] = []
  private var code: [String] = []
  private var outputs: [JSON] = []
  private var count = 0

  /// Cells are those of the percent format; where there are none, a cell ends at its output.
  init(_ entries: [Transcript.Entry]) {
    let hasCells = entries.contains { if case .cell = $0 { true } else { false } }
    for entry in entries {
      switch entry {
      case .prose(let text):
        close()
        add("markdown", text, [])
      case .cell(let title):
        close()
        if !title.isEmpty { add("markdown", "## " + title, []) }
      case .code(let text):
        if !hasCells, !outputs.isEmpty { close() }
        code.append(text)
      case .output(let text): outputs.append(Notebook.stream(text))
      case .error(let text): outputs.append(Notebook.error(text))
      case .picture(let picture): outputs.append(Notebook.display(picture))
      }
    }
    close()
  }

  var json: JSON {
    .object(of: [
      "cells": .array(cells),
      "metadata": .object(of: [
        "kernelspec": .object(of: [
          "display_name": .string("dn"), "language": .string("dn"), "name": .string("dn"),
        ]),
        "language_info": .object(of: [
          "name": .string("dn"), "file_extension": .string(".dn"),
          "mimetype": .string("text/x-dn"), "version": .string(Provenance.version),
        ]),
      ]),
      "nbformat": .number(4), "nbformat_minor": .number(5),
    ])
  }

  private mutating func close() {
    if !code.isEmpty { add("code", code.joined(separator: "\n"), outputs) }
    code = []
    outputs = []
  }

  private mutating func add(_ kind: String, _ text: String, _ outputs: [JSON]) {
    var members: [JSON.Member] = [
      .init(name: "cell_type", value: .string(kind)),
      .init(name: "id", value: .string("cell-\(cells.count + 1)")),
      .init(name: "metadata", value: .object([])),
    ]
    if kind == "code" {
      count += 1
      members.append(.init(name: "execution_count", value: .number(Double(count))))
      members.append(.init(name: "outputs", value: .array(outputs)))
    }
    members.append(.init(name: "source", value: Notebook.lines(text)))
    cells.append(.object(members))
  }

  /// Text as notebooks hold it: a list of lines with their ends.
  private static func lines(_ text: String) -> JSON {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return .array(
      lines.enumerated().compactMap { index, line in
        let isLast = index == lines.count - 1
        return isLast && line.isEmpty ? nil : .string(line + (isLast ? "" : "\n"))
      })
  }

  private static func stream(_ text: String) -> JSON {
    .object(of: [
      "name": .string("stdout"), "output_type": .string("stream"), "text": lines(text),
    ])
  }

  private static func error(_ text: String) -> JSON {
    let rows = text.split(separator: "\n").map(String.init)
    return .object(of: [
      "ename": .string("error"), "evalue": .string(rows.first ?? ""),
      "output_type": .string("error"), "traceback": .array(rows.map(JSON.string)),
    ])
  }

  private static func display(_ picture: Transcript.Picture) -> JSON {
    .object(of: [
      "data": picture.json, "metadata": .object([]), "output_type": .string("display_data"),
    ])
  }
}

extension Transcript.Picture {
  /// The picture by its media type, as notebooks and kernels pass it on.
  package var json: JSON {
    kind == .png
      ? .object(of: ["image/png": .string(Base64.encoded(bytes))])
      : .object(of: ["image/svg+xml": .string(String(decoding: bytes, as: UTF8.self))])
  }
}
