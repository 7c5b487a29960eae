package im.parley.cli;

import im.parley.config.ConfigReference;
import im.parley.config.Setting;
import im.parley.config.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a node would run with, without secrets. */
@Command(
    name = "config",
    description =
        "Print every setting, its value and where that comes from; takes the flags of serve.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeFlags flags;
  @ArgGroup private Document document = new Document();

  /** What to print in place of the effective settings. */
  static final class Document {
    @Option(names = "--reference", description = "print a settings file with every key explained")
    private boolean reference;

    @Option(names = "--table", description = "print every key as a Markdown table")
    private boolean table;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (document.reference) {
      out.print(ConfigReference.file());
    } else if (document.table) {
      out.print(ConfigReference.table());
    } else {
      printEffective(out);
    }
    out.flush();
    return 0;
  }

  private void printEffective(PrintWriter out) {
    Settings settings = flags.load();
    settings.config();
    for (Setting setting : settings.all()) {
      out.printf("%-45s # %s%n", setting.key().name() + "=" + setting.shown(), setting.source());
    }
  }
}
