/// Every op there is, for what has to hold of all of them: a new op is one line here.
package enum Ops {
  package static let all: [any Op.Type] = [
    // Number by number
    Negate.self, Absolute.self, SquareRoot.self, Square.self, Exponential.self, Logarithm.self,
    Sine.self, Cosine.self, Tangent.self, HyperbolicTangent.self, Sigmoid.self, LeakyReLU.self,
    LeakyReLUGradient.self, Floor.self, Ceiling.self, Round.self, Sign.self, Not.self,
    // Two tensors
    Add.self, Subtract.self, Multiply.self, Divide.self, Power.self, Modulo.self, Maximum.self,
    Minimum.self, Compare.self, Select.self,
    // Reductions and shapes
    MaskedError.self, MaskedErrorGradient.self,
    Sum.self, Greatest.self, Broadcast.self, Reshape.self, Permute.self, Slice.self, Scatter.self,
    Concatenate.self,
    // Linear maps
    MatrixProduct.self, Fourier.self, Convolution.self, ConvolutionInputGradient.self,
    ConvolutionWeightGradient.self,
    // What the compiler makes
    FusedConvolution.self, FusedInputGradient.self, FusedParameterGradient.self,
    FusedPoolGradient.self,
    Import.self, Export.self,
    // Networks
    MaxPool.self, MaxPoolGradient.self, UpsampleNearest.self, SumPool.self, ChannelMoments.self,
    Contract.self, Expand.self, NeighbourMax.self, NeighbourMaxGradient.self,
    BatchNorm.self, BatchNormSums.self, BatchNormInputGradient.self, Dropout.self,
    PartialFinish.self, PartialFinishGradient.self, PartialBiasGradient.self,
  ]
}

extension Graph {
  /// The ops that `outputs` are computed with, in order.
  package func operations(for outputs: [Node]) -> [any Op] {
    order(for: outputs.map(\.id)).compactMap {
      if case .op(let op, _) = entries[$0].source { op } else { nil }
    }
  }
}
