/// What EMDB says of an entry, as far as half maps are concerned.
///
/// Names follow the JSON of EMDB's `entry` service (schema 3): `map.dimensions`,
/// `interpretation.half_map_list.half_map` and `final_reconstruction.resolution`. Numbers may be
/// written as strings or wrapped in `valueOf_`, and a list of one may be without its brackets.
package struct EMDBDescription {
  /// File names of the half maps, in their order.
  package let halves: [String]
  /// Sections, rows and columns of the half maps, or else of the map itself; nil where neither is
  /// told.
  package let sides: [Int]?
  /// The authors' resolution, in angstrom.
  package let resolution: Double?

  package init(_ json: JSON) {
    // Some services wrap an entry in a list or in an object with its number as name.
    var entry = json.array?.first ?? json
    if entry["map"] == nil, entry["interpretation"] == nil,
      case .object(let members) = entry, members.count == 1
    {
      entry = EMDBDescription.list(members[0].value).first ?? entry
    }
    let found = EMDBDescription.list(entry["interpretation"]?["half_map_list"]?["half_map"])
    halves = found.compactMap { EMDBDescription.text($0["file"]) }
      .filter(EMDBDescription.isPlain).sorted()
    sides =
      found.lazy.compactMap { EMDBDescription.sides($0["dimensions"]) }.first
      ?? EMDBDescription.sides(entry["map"]?["dimensions"])
    let made = EMDBDescription.list(
      entry["structure_determination_list"]?["structure_determination"])
    resolution =
      made.lazy.flatMap { EMDBDescription.list($0["image_processing"]) }
      .compactMap { EMDBDescription.number($0["final_reconstruction"]?["resolution"]) }.first
  }

  private static func list(_ json: JSON?) -> [JSON] {
    guard let json, json != .null else { return [] }
    return json.array ?? [json]
  }

  private static func text(_ json: JSON?) -> String? { json?.string ?? json?["valueOf_"]?.string }

  private static func number(_ json: JSON?) -> Double? {
    json?.number ?? json?["valueOf_"]?.number ?? text(json).flatMap { Double($0) }
  }

  private static func sides(_ json: JSON?) -> [Int]? {
    let names = [["sec", "section"], ["row"], ["col", "column"]]
    let sides = names.compactMap { names in
      names.lazy.compactMap { number(json?[$0]) }.first.flatMap { Int(exactly: $0) }
    }
    return sides.count == 3 && sides.allSatisfy { $0 > 0 } ? sides : nil
  }

  /// A name that stays in its folder.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name.utf8.allSatisfy { $0 > 32 }
  }
}
