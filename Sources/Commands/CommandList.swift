import Lang

/// Everything that a user can say beside the language itself.
public enum CommandList {
  /// Commands that make values: masks, losses, models. A model's file is read with these alone.
  public static let values: [any Command.Type] = [
    GaussianCommand.self, PoissonCommand.self, PoissonGaussianCommand.self,
    SaltPepperCommand.self, SpeckleCommand.self, StripesCommand.self, CorrelatedCommand.self,
    BernoulliCommand.self, PercentCommand.self, GridCommand.self, PixelsCommand.self,
    BlindspotCommand.self, LineCommand.self, StructureCommand.self,
    RecorruptCommand.self,
    MSECommand.self, MAECommand.self, NormCommand.self, HuberCommand.self,
    CharbonnierCommand.self, PoissonLossCommand.self, TVCommand.self, TV2Command.self,
    SSIMLossCommand.self, FourierLossCommand.self,
    FlipsCommand.self, Rot90Command.self, DiagonalCommand.self, DihedralCommand.self,
    IntensityCommand.self,
    UNetCommand.self, Self2SelfCommand.self, DnCNNCommand.self, Hourglass1DCommand.self,
    SingleConvCommand.self, ZeroShotNetCommand.self, ChainCommand.self,
    ConvCommand.self, ReLUCommand.self, LeakyCommand.self, SigmoidCommand.self,
    TanhCommand.self, BatchNormCommand.self, DropoutCommand.self, PoolCommand.self,
    UpCommand.self,
    AdamCommand.self, AdamWCommand.self, RAdamCommand.self, SGDCommand.self,
    ConstantCommand.self, PlateauCommand.self, CosineCommand.self, StepCommand.self,
    WarmupCommand.self, EarlyStopCommand.self,
    GaussianFilterCommand.self, MedianFilterCommand.self, TVFilterCommand.self,
    WaveletFilterCommand.self, NLMFilterCommand.self, BilateralFilterCommand.self,
    BM3DFilterCommand.self, PCAFilterCommand.self, DiffusionFilterCommand.self,
  ]

  /// Commands that do something.
  public static let actions: [any Command.Type] = [
    LoadCommand.self, SaveCommand.self, SampleCommand.self, NoiseCommand.self, MaskCommand.self,
    ModelCommand.self, MethodCommand.self, TrainCommand.self, ExplainCommand.self,
    ResumeCommand.self, PredictCommand.self, DenoiseCommand.self, CalibrateCommand.self,
    PredictAllCommand.self,
    CropCommand.self, PadCommand.self, BinCommand.self, FlipCommand.self, RotateCommand.self,
    TransposeCommand.self, NormalizeCommand.self, LowpassCommand.self, HighpassCommand.self,
    BandpassCommand.self, MixCommand.self, AlignCommand.self, StackCommand.self,
    UnstackCommand.self, ConcatCommand.self,
    PSNRCommand.self, SSIMCommand.self, NRMSECommand.self, SNRCommand.self, XcorrCommand.self,
    NoiseLevelCommand.self, NoiseCorrelationCommand.self, BlindPSNRCommand.self,
    DisplacementCommand.self, WhitenessCommand.self, FSCCommand.self,
    SoftMaskCommand.self, LocalFSCCommand.self, AmplitudesCommand.self,
    StatsCommand.self, HistogramCommand.self,
    DeconvCommand.self, ExtractCommand.self, EvenOddCommand.self,
    HalfMapsCommand.self, DownloadCommand.self, XcorrSortCommand.self, MoveBackCommand.self,
    TrainHalfMapsCommand.self, ProcCommand.self,
    SliceCommand.self, FilmCommand.self, CompareCommand.self, ShowCommand.self, PlotCommand.self,
    SweepCommand.self, RecordCommand.self, RunsCommand.self, ReportCommand.self,
    SetCommand.self, SeedCommand.self, ThreadsCommand.self, TimeCommand.self,
    ListCommand.self, ChangeFolderCommand.self, FolderCommand.self, VariablesCommand.self,
    ClearCommand.self, UndoCommand.self, HistoryCommand.self, SessionCommand.self,
    ConfigCommand.self,
    HelpCommand.self, AssertCommand.self, QuitCommand.self,
  ]

  /// In the order in which help and manual list them.
  public static let all = actions + values
}
