import Lang

/// Everything that a user can say beside the language itself.
public enum CommandList {
  /// Commands that make values: masks, losses, models. A model's file is read with these alone.
  public static let values: [any Command.Type] = [
    GaussianCommand.self, PoissonCommand.self, PoissonGaussianCommand.self,
    SaltPepperCommand.self, SpeckleCommand.self, StripesCommand.self, CorrelatedCommand.self,
    BernoulliCommand.self, PercentCommand.self, GridCommand.self, PixelsCommand.self,
    BlindspotCommand.self, LineCommand.self,
    MSECommand.self, MAECommand.self, NormCommand.self, HuberCommand.self,
    CharbonnierCommand.self, PoissonLossCommand.self, TVCommand.self, TV2Command.self,
    SSIMLossCommand.self,
    FlipsCommand.self, Rot90Command.self, DiagonalCommand.self, DihedralCommand.self,
    IntensityCommand.self,
    UNetCommand.self, Self2SelfCommand.self, DnCNNCommand.self, Hourglass1DCommand.self,
    SingleConvCommand.self, ChainCommand.self,
    ConvLayerCommand.self, ReLUCommand.self, LeakyCommand.self, SigmoidCommand.self,
    TanhCommand.self, BatchNormCommand.self, DropoutCommand.self, PoolCommand.self,
    UpCommand.self,
    AdamCommand.self, AdamWCommand.self, RAdamCommand.self, SGDCommand.self,
    ConstantCommand.self, PlateauCommand.self, CosineCommand.self, StepCommand.self,
    WarmupCommand.self, EarlyStopCommand.self,
  ]

  /// Commands that do something.
  public static let actions: [any Command.Type] = [
    LoadCommand.self, SaveCommand.self, SampleCommand.self, NoiseCommand.self, MaskCommand.self,
    ModelCommand.self, MethodCommand.self, TrainCommand.self, ResumeCommand.self,
    PredictCommand.self,
    PSNRCommand.self, SSIMCommand.self, NRMSECommand.self, SNRCommand.self, XcorrCommand.self,
    NoiseLevelCommand.self, StatsCommand.self, HistogramCommand.self,
    SliceCommand.self, CompareCommand.self,
  ]

  public static let all = values + actions
}
