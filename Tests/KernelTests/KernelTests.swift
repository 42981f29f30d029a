import CKernelChecks
import CKernels
import Testing

/// The kernels against plain loops, with every instruction set that the processor has.
///
/// Serialized, because the number of threads in use is one setting for all.
@Suite(.serialized)
struct KernelTests {
  /// Runs checks written in C and reports what they found.
  private func expectNoFailures(_ checks: (UnsafeMutablePointer<dn_report>) -> Void) {
    var report = dn_report()
    checks(&report)
    #expect(report.cases > 0)
    #expect(report.failures == 0, "\(Self.text(of: report))")
  }

  private static func text(of report: dn_report) -> String {
    withUnsafeBytes(of: report.text) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  @Test("convolutions and their gradients agree with plain loops", arguments: [0, 1])
  func convolutions(bf16: Int32) {
    expectNoFailures { dn_check_convolutions(bf16, $0) }
  }

  @Test("the bytes of a result do not depend on the number of threads", arguments: [0, 1])
  func threads(bf16: Int32) {
    expectNoFailures { dn_check_thread_counts(bf16, $0) }
  }

  @Test("the passes between convolutions agree with plain loops", arguments: [0, 1])
  func pointwise(bf16: Int32) {
    expectNoFailures { dn_check_pointwise(bf16, $0) }
  }

  @Test func optimisers() { expectNoFailures { dn_check_optimisers($0) } }
  @Test func randomNumbers() { expectNoFailures { dn_check_random($0) } }
  @Test func refusals() { expectNoFailures { dn_check_refusals($0) } }

  @Test("a processor's instructions are forced and given back")
  func instructions() {
    let best = dn_kernels_isa()
    #expect(dn_kernels_force_isa(DN_ISA_PORTABLE))
    #expect(dn_kernels_isa() == DN_ISA_PORTABLE)
    #expect(!dn_kernels_have_bf16())
    #expect(dn_kernels_force_isa(best))
    #expect(dn_kernels_isa() == best)
  }
}
