package io.sendense.cloud.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditFileTest {
  private static final UUID MSP = new UUID(1, 1);
  private static final Instant AT = Instant.parse("2026-12-01T12:00:00.123456Z");

  @Test
  void aWholeChainAndAPieceOfOneHoldTogether() {
    List<String> lines = chain(5);
    AuditFile.Verdict whole = verify(lines, Optional.empty());
    assertThat(whole.problem()).isEmpty();
    assertThat(whole.last()).isEqualTo(5);
    assertThat(verify(lines, Optional.of(whole.head())).problem()).isEmpty();
    AuditFile.Verdict piece = verify(lines.subList(2, 5), Optional.of(whole.head()));
    assertThat(piece).isEqualTo(new AuditFile.Verdict(3, 5, whole.head(), Optional.empty()));
  }

  @Test
  void everyChangeOfAMemberIsFound() {
    for (String[] change :
        new String[][] {
          {"user-3", "user-4"},
          {"policy.create", "policy.delete"},
          {"subject-3", "subject-4"},
          {"name-3", "name-4"},
          {"12:00:00.123456Z", "12:00:00.123457Z"},
          {new UUID(2, 3).toString(), new UUID(2, 4).toString()}
        }) {
      List<String> lines = new ArrayList<>(chain(5));
      assertThat(lines.get(2)).contains(change[0]);
      lines.set(2, lines.get(2).replace(change[0], change[1]));
      assertThat(verify(lines, Optional.empty()).problem())
          .as(change[0])
          .contains("entry 3 was changed after it was written");
    }
  }

  @Test
  void aMissingADoubledACutOffAndAStrangeLineAreFound() {
    List<String> lines = chain(5);
    String head = verify(lines, Optional.empty()).head();
    List<String> missing = new ArrayList<>(lines);
    missing.remove(2);
    assertThat(verify(missing, Optional.empty()).problem())
        .contains("after entry 2 comes entry 4, not 3");
    List<String> doubled = new ArrayList<>(lines);
    doubled.add(3, lines.get(2));
    assertThat(verify(doubled, Optional.empty()).problem())
        .contains("after entry 3 comes entry 3, not 4");
    assertThat(verify(lines.subList(0, 4), Optional.of(head)).problem().orElseThrow())
        .startsWith("the chain ends at ")
        .endsWith("not at the head " + head);
    List<String> strange = new ArrayList<>(lines);
    strange.set(1, "{}");
    assertThat(verify(strange, Optional.empty()).problem()).contains("line 2 is no audit entry");
  }

  @Test
  void cefEscapesWhatWouldBeReadAsItsOwn() {
    ChainEntry entry = entry(1, "0".repeat(64), "eve|=\\\nCEF:0", "a|b\\c", "{\"k\":\"x=y\"}");
    assertThat(Cef.message(entry))
        .startsWith("<109>1 2026-12-01T12:00:00.123456Z - sendense-control-plane - audit - CEF:0|")
        .contains("|a\\|b\\\\c|a\\|b\\\\c|3|rt=1796126400123 externalId=1 ")
        .contains(" suser=eve|\\=\\\\\\nCEF:0 act=a|b\\\\c ")
        .endsWith(" msg={\"k\":\"x\\=y\"}")
        .doesNotContain("\n");
  }

  private static AuditFile.Verdict verify(List<String> lines, Optional<String> head) {
    return AuditFile.verify(lines.iterator(), head);
  }

  private static List<String> chain(int length) {
    List<String> lines = new ArrayList<>();
    String previous = "0".repeat(64);
    for (int i = 1; i <= length; i++) {
      ChainEntry entry =
          entry(i, previous, "user-" + i, "policy.create", "{\"name\":\"name-" + i + "\"}");
      previous = entry.hash();
      lines.add(entry.line());
    }
    return lines;
  }

  private static ChainEntry entry(
      int number, String previous, String actor, String action, String detail) {
    ChainEntry open =
        new ChainEntry(
            MSP,
            number,
            Optional.of(new UUID(2, number)),
            AT,
            actor,
            action,
            "subject-" + number,
            detail,
            previous,
            "");
    return new ChainEntry(
        MSP,
        number,
        open.customer(),
        AT,
        actor,
        action,
        open.subject(),
        detail,
        previous,
        AuditLog.hex(EntryHash.of(open)));
  }
}
