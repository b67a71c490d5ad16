package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
  @TempDir Path folder;

  @Test
  void onlyTheCommandThatIsCalledIsMadeAndUnderItsOwnName() {
    for (String name : Commands.ALL) {
      CommandLine root = made(name, "--help");

      assertThat(root.getSubcommands().keySet()).containsExactly(name);
      assertThat(below(root, name).getCommandName()).isEqualTo(name);
    }
    for (String name : Commands.OF_REPOSITORY) {
      CommandLine repository = below(made("repository", name), "repository");

      assertThat(repository.getSubcommands().keySet()).containsExactly(name);
      assertThat(below(repository, name).getCommandName()).isEqualTo(name);
    }
  }

  @Test
  void whoAsksForHelpOrMistypesIsShownAllCommands() {
    for (List<String> arguments :
        List.of(List.of("--help"), List.of("bakcup"), List.<String>of())) {
      CommandLine root = made(arguments.toArray(String[]::new));

      assertThat(root.getSubcommands().keySet()).isEqualTo(Set.copyOf(Commands.ALL));
      assertThat(below(root, "repository").getSubcommands().keySet())
          .isEqualTo(Set.copyOf(Commands.OF_REPOSITORY));
    }
  }

  @Test
  void everyCommandExplainsItself() {
    InProcess cli = new InProcess(folder);
    for (String name : Commands.ALL) {
      assertThat(cli.run(name, "--help").succeeded().out()).contains("Usage: appliance " + name);
    }
    for (String name : Commands.OF_REPOSITORY) {
      assertThat(cli.run("repository", name, "--help").succeeded().out())
          .contains("Usage: appliance repository " + name);
    }
  }

  private static CommandLine below(CommandLine command, String name) {
    return Objects.requireNonNull(command.getSubcommands().get(name), name);
  }

  private static CommandLine made(String... arguments) {
    CommandLine root = new CommandLine(new ApplianceCommand());
    Commands.add(root, Surroundings.ofThisProcess(), arguments);
    return root;
  }
}
