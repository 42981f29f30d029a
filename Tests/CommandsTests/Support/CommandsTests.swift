import Testing

/// All tests of commands, one after another: they share the folder of the process and its Ctrl-C.
@Suite(.serialized) enum CommandsTests {}
