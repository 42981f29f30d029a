import TensorEngine

/// A tensor with a name, and the type it is stored as.
public struct NamedTensor: Sendable, Equatable {
  /// Number types of checkpoints.
  public enum Precision: String, Sendable, CaseIterable {
    case float32, bfloat16, float16
  }

  public let name: String
  public let tensor: Tensor
  /// How it lies in the file; reading widens it to single precision, exactly.
  public let precision: Precision

  public init(name: String, tensor: Tensor, precision: Precision = .float32) {
    self.name = name
    self.tensor = tensor
    self.precision = precision
  }
}

/// The parameters of a model, and what is known about it.
public struct Checkpoint: Sendable, Equatable {
  /// In the order of the file.
  public var tensors: [NamedTensor]
  public var metadata: [String: String]

  public init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of that name.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }
}
