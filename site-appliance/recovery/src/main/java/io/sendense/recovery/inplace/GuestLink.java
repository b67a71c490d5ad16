package io.sendense.recovery.inplace;

import java.time.Duration;

/** Carries one request after another to a guest's agent ("QEMU Guest Agent Protocol Reference"). */
@FunctionalInterface
public interface GuestLink {
  /**
   * The agent's answer.
   *
   * @param request as the protocol writes it
   * @param within which it has to answer; whole seconds
   * @throws io.sendense.domain.SendenseException where it refuses, which its text says, or does not
   *     answer; whether it did what was asked is then not known
   */
  String ask(String request, Duration within);
}
