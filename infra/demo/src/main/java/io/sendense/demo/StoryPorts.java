package io.sendense.demo;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.Ports;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the control plane listens. A port that was asked for must be free; a usual one that
 * something else has taken is replaced by another, which is said.
 *
 * @param portal API and portal
 * @param link for appliances
 * @param notes what the one who started the story should know
 */
record StoryPorts(int portal, int link, List<String> notes) {
  private static final int USUAL_PORTAL = 8080;
  private static final int USUAL_LINK = 8443;

  StoryPorts {
    notes = List.copyOf(notes);
  }

  /**
   * @param portal the port asked for, 0 for none
   * @param link the port asked for, 0 for none
   * @throws SendenseException PORT_TAKEN for a port that was asked for
   */
  static StoryPorts claim(int portal, int link) {
    return claim(portal, link, USUAL_PORTAL, USUAL_LINK);
  }

  static StoryPorts claim(int portal, int link, int usualPortal, int usualLink) {
    List<String> notes = new ArrayList<>();
    return new StoryPorts(
        one(portal, usualPortal, "the portal", "--port", notes),
        one(link, usualLink, "the appliance link", "--link-port", notes),
        notes);
  }

  private static int one(int asked, int usual, String forWhat, String option, List<String> notes) {
    if (asked != 0) {
      return Ports.claim(asked, forWhat + " by " + option);
    }
    try {
      return Ports.claim(usual, forWhat);
    } catch (SendenseException taken) {
      if (taken.code() != ErrorCode.PORT_TAKEN) {
        throw taken;
      }
      int other = Ports.claim(0, forWhat);
      notes.add(
          taken.getMessage()
              + "; it gets "
              + other
              + ". ss -ltnp shows who listens; "
              + option
              + " chooses another");
      return other;
    }
  }
}
