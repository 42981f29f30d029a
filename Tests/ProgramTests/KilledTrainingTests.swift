import Testing

/// A training that is killed again and again: what it had written is there, and it comes to the same
/// end as one that was left alone.
@Suite struct KilledTrainingTests {
  private static let data = "noisy = sample(\"cells\", size=64, noise=gaussian(25), seed=1)[0]"
  private static let train = """
    train noisy method=n2v model=unet(depth=1, channels=8) patch=32 batch=4 steps=10 epochs=60 seed=4
    """

  @Test func killedAtAnyMomentItGoesOnFromTheLastCheckpoint() throws {
    let folder = try Scratch()
    try folder.write(
      """
      \(Self.data)
      goes_on = false
      try { net = load "r"; goes_on = true } catch e { }
      if goes_on { net = resume net data=noisy epochs=60 } else {
        net = \(Self.train) save="r" every=1 overwrite=true
      }
      """, to: "go.dn")
    try folder.write("print len((load \"r\").history.epoch)\n", to: "ask.dn")
    let line = """
      newest() { ls r/checkpoints 2>/dev/null | tail -n 1 | tr -dc 0-9; }
      for pause in 0 0.05 0.3 0.11 0.02 0.4; do
        before=$(newest)
        "$DN" go.dn 2>/dev/null &
        # The first time it is killed as it begins the run, then after it has gone on.
        if [ $pause = 0 ]; then until [ -d r ]; do sleep 0.001; done; else
          while [ "$(newest)" = "$before" ] && kill -0 $! 2>/dev/null; do sleep 0.01; done
        fi
        sleep $pause
        kill -9 $! && wait $! 2>/dev/null
        newest=$(newest)
        [ -z "$newest" ] && continue
        [ "$("$DN" ask.dn)" -ge "$newest" ] && echo kept || echo "lost: $newest"
      done
      """
    let result = try Dn.shell(line, in: folder)
    let kept = result.output.split(separator: "\n")
    #expect(!kept.isEmpty && kept.allSatisfy { $0 == "kept" }, "\(result)")
    #expect(try Dn.run(["go.dn"], in: folder).status == 0)
    let end = try Dn.run(
      [
        "-c",
        """
        \(Self.data)
        whole = \(Self.train)
        broken = load "r"
        print broken.history.epoch == whole.history.epoch
        print max(abs((predict broken noisy) - (predict whole noisy)))
        """,
      ], in: folder)
    #expect(end.output == "true\n0\n", "\(end)")
  }
}
