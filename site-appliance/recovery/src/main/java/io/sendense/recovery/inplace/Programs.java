package io.sendense.recovery.inplace;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;

/** The guest's own programs, which have to succeed. */
final class Programs {
  static final Duration QUICK = Duration.ofSeconds(30);
  static final Duration WORK = Duration.ofMinutes(30);

  private final AgentCommands agent;

  Programs(AgentCommands agent) {
    this.agent = agent;
  }

  /** mv says nothing where it left something alone. */
  void moveToNew(String from, String to) {
    run(QUICK, "mv", "-n", "-T", "--", from, to);
    if (exists(from)) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          to + " has appeared in the guest meanwhile",
          "Run it again; nothing was changed.");
    }
  }

  boolean exists(String path) {
    return agent.run(QUICK, "stat", "-c", "%F", "--", path).code() == 0;
  }

  boolean isFolder(String path) {
    return agent.run(QUICK, "stat", "-c", "%F", "--", path).out().strip().equals("directory");
  }

  AgentCommands.Ended run(Duration within, String program, String... arguments) {
    AgentCommands.Ended ended = agent.run(within, program, arguments);
    if (ended.code() != 0) {
      throw new SendenseException(
          ErrorCode.SCRIPT_FAILED,
          program + " failed in the guest: " + ended.complaint(),
          "Look at the guest; nothing that was there has been changed.");
    }
    return ended;
  }
}
