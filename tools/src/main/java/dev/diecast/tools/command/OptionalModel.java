package dev.diecast.tools.command;

import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Lets a command's subcommands do without the model that the command itself needs; picocli would
 * demand it of them too.
 */
final class OptionalModel implements IModelTransformer {
  OptionalModel() {}

  @Override
  public CommandSpec transform(CommandSpec spec) {
    PositionalParamSpec model = spec.positionalParameters().getFirst();
    spec.remove(model);
    return spec.addPositional(
        PositionalParamSpec.builder(model).arity("0..1").required(false).build());
  }
}
