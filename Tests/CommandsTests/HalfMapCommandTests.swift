import Commands
import Lang
import TensorEngine
import Testing

extension CommandsTests {
  @Suite struct HalfMapCommandTests {
    private static let training =
      "train_halfmaps \"project\" epochs=2 steps=2 mbs=1 cshape=16 margin=2 norm_vox=1.5 "
      + "model=unet(depth=1, channels=4, norm=none)"

    @Test func aProjectFromSortingToReport() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      try folder.makeProject(bench, numbers: [1, 2, 5])
      // The halves of two different maps.
      try bench.run("save b \"project/2.0/emd_7_half_map_2.map\"")
      try bench.run(
        "save (sample(\"halfmaps\", size=24, seed=9)[0]) \"project/1.0/emd_7_half_map_1.map\"")
      let ranks = try bench.table("xcorr_sort \"project\" threshold=0.1")
      #expect(ranks.column("map")?.compactMap(\.asInt).first == 7)
      #expect(ranks.column("moved")?.map { Bool.bind($0) } == [true, false, false, false])
      #expect(try bench.value("exists(\"project/badMaps/2.0/emd_7_half_map_2.map\")").asNumber == 1)

      try folder.write("lr: 1e-3\nseed: 3\ndevice: cuda\n", to: "project/inputs.yaml")
      try bench.run("net = " + Self.training)
      #expect(bench.notes.contains("passed over device"))
      let run = "project/out/m3_e2_mbs1"
      let inputs = try folder.text("\(run)/inputs.yaml")
      #expect(inputs.contains("lr: 0.001\n") && inputs.contains("seed: 3\n"))
      #expect(inputs.contains("norm_vox: 1.5\n") && inputs.contains("epochs: 2\n"))
      for name in ["models/epoch_1.safetensors", "models/epoch_2.safetensors", "plots/epoch_2.png"]
      {
        #expect(try bench.value("exists(\"\(run)/\(name)\")").asNumber == 1, "\(name)")
      }
      // The options that were written down make the very run again, in a folder of its own.
      try bench.run("again = train_halfmaps \"project\" with=config(\"\(run)/inputs.yaml\")")
      #expect(try bench.value("exists(\"project/out/m3_e2_mbs1_2/inputs.yaml\")").asNumber == 1)
      #expect(try folder.text("project/out/m3_e2_mbs1_2/inputs.yaml") == inputs)
      #expect(
        try bench.numbers("net.history.loss") == bench.numbers("again.history.loss"))

      let report = try bench.table("proc \"project\" [1, 7] run=\"m3_e2_mbs1\" epoch=1")
      #expect(report.column("set")?.map(\.asString) == ["training", "bad"])
      let map = try bench.image("load(\"\(run)/denoised/emd_7_e1.mrc\")")
      #expect(
        map.shape == [24, 24, 24] && map.voxel.map { $0.map { Float($0) } } == [1.5, 1.5, 1.5])
      #expect(try bench.value("exists(\"\(run)/denoised/emd_1_e1_fsc.png\")").asNumber == 1)

      try bench.run("moveback \"project\"")
      #expect(try bench.table("halfmaps \"project\"").rowCount == 4)
      #expect(try bench.value("exists(\"project/1.0/emd_7_half_map_1.map\")").asNumber == 1)
    }

    /// The model brings its normalisation along; nothing can be said against it.
    @Test func predictionSeesMapsAsTrainingDid() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      try folder.makeProject(bench)
      try bench.run("net = " + Self.training)
      try bench.run("save net \"net.safetensors\"")
      try bench.run("loaded = load(\"net.safetensors\")")
      let plain = try bench.image("predict(net, a)")
      let scaled = try bench.image("predict(loaded, 5*a + 100)")
      for (one, other) in zip(plain.tensor.values, scaled.tensor.values) {
        #expect(abs(5 * one + 100 - other) < 2e-3)
      }
      let refused = try bench.refusal("proc \"project\" 1 norm=false")
      #expect(refused.message.contains("no option `norm`"))
    }

    @Test func aFolderOfMapsInOneCommand() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      try folder.makeProject(bench, numbers: [1, 2])
      try folder.write("no map", to: "project/1.0/emd_3_half_map_1.map")
      try bench.run("net = " + Self.training.replacing("norm_vox=1.5 ", with: ""))
      let sheet = try bench.table(
        "predict_all net \"project/1.0/*.map\" to=\"all\" memory=\"60MB\"")
      let states = sheet.column("state")?.compactMap(\.asString) ?? []
      #expect(Array(states.prefix(2)) == ["denoised", "denoised"])
      #expect(states.count == 3 && states[2].hasPrefix("failed: "))
      #expect(try folder.text("all/summary.csv").hasPrefix("file,shape,state"))
      // Piece by piece or whole, on the map's own scale: the same.
      try bench.run("a = load(\"project/1.0/emd_1_half_map_1.map\")")
      let whole = try bench.image("predict(net, a)")
      let streamed = try bench.image("load(\"all/emd_1_half_map_1.map\")")
      for (one, other) in zip(whole.tensor.values, streamed.tensor.values) {
        #expect(abs(one - other) < 1e-4)
      }
      let again = try bench.table("predict_all net \"project/1.0/*_1_*.map\" to=\"all\"")
      #expect(again.column("state")?.compactMap(\.asString) == ["there already"])
    }

    @Test func saysWhatIsWrong() throws {
      let folder = try WorkFolder()
      let bench = try Bench()
      try folder.makeProject(bench)
      #expect(try bench.refusal("proc \"project\" 1").message.contains("nothing was trained"))
      #expect(try bench.refusal("halfmaps \"nowhere\"").message.contains("nowhere"))
      #expect(try bench.refusal("download \"project\"").message.contains("any map"))
      #expect(
        try bench.refusal("train_halfmaps \"project\" norm_vox_min=1").message.contains("norm_vox"))
      try folder.write("epoch: 2\n", to: "project/inputs.yaml")
      #expect(try bench.refusal("train_halfmaps \"project\"").hint.contains("epochs"))
      #expect(try bench.refusal("moveback \"project\" maps=3").message.contains("no map 3"))
      #expect(try bench.refusal("deconv(a)").message.contains("defocus"))
    }
  }
}
