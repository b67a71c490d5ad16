package io.sendense.demo.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecordProofTest {
  private static String payload(long seq) {
    return "payload" + seq;
  }

  private static String sum(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String record(long seq) {
    return "R " + seq + " " + sum(payload(seq)) + " " + payload(seq) + "\n";
  }

  private static String entry(long seq) {
    return "L " + seq + " " + sum(payload(seq)) + "\n";
  }

  private static List<Ack> acks(long last) {
    return LongStream.rangeClosed(1, last)
        .mapToObj(seq -> new Ack(seq, sum(payload(seq)), Instant.EPOCH))
        .toList();
  }

  private static RecordProof compare(String log, String data, long acknowledged)
      throws IOException {
    String text =
        "BEGIN log\n"
            + log
            + "\nEND log\nBEGIN data\n"
            + data
            + "\nEND data\nFILESYSTEM sound\nDONE\n";
    return RecordProof.compare(new BufferedReader(new StringReader(text)), acks(acknowledged));
  }

  @Test
  void everythingAcknowledgedAndOneRecordUnderWayHolds() throws IOException {
    RecordProof proof =
        compare(entry(1) + entry(2), record(1) + record(2) + record(3) + "R 4 12ab", 2);
    assertThat(proof.holds()).as(proof.summary()).isTrue();
    assertThat(proof.found()).isEqualTo(3);
    assertThat(proof.torn()).isEqualTo(1);
    assertThat(proof.logBehind()).isEqualTo(1);
  }

  @Test
  void aMissingRecordFails() throws IOException {
    RecordProof proof = compare(entry(1) + entry(2), record(1), 2);
    assertThat(proof.missing()).containsExactly(2L);
    assertThat(proof.holds()).isFalse();
  }

  @Test
  void aDamagedRecordFails() throws IOException {
    RecordProof proof =
        compare(entry(1) + entry(2), record(1).replace("payload1", "payloadX") + record(2), 2);
    assertThat(proof.wrong()).containsExactly(1L);
    assertThat(proof.holds()).isFalse();
  }

  @Test
  void aRecordOtherThanTheAcknowledgedOneFails() throws IOException {
    String other = "R 2 " + sum("other") + " other\n";
    assertThat(compare(entry(1) + entry(2), record(1) + other, 2).wrong()).containsExactly(2L);
  }

  @Test
  void disksOfDifferentInstantsFail() throws IOException {
    RecordProof ahead = compare(entry(1) + entry(2) + entry(3), record(1) + record(2), 2);
    assertThat(ahead.logAhead()).isEqualTo(1);
    assertThat(ahead.holds()).isFalse();
    RecordProof behind = compare(entry(1), record(1) + record(2) + record(3), 1);
    assertThat(behind.logBehind()).isEqualTo(2);
    assertThat(behind.holds()).isFalse();
  }

  @Test
  void noAcknowledgementProvesNothing() throws IOException {
    assertThat(compare("", "", 0).holds()).isFalse();
  }

  @Test
  void anUnfinishedReportIsAnError() {
    assertThatThrownBy(
            () -> RecordProof.compare(new BufferedReader(new StringReader("BEGIN log\n")), acks(1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void onlyAWholeAcknowledgementCounts() {
    String line = "ACK 7 " + sum("x");
    assertThat(Ack.parse(line + "\r", Instant.EPOCH)).contains(new Ack(7, sum("x"), Instant.EPOCH));
    for (String bad : List.of("", "READY 0", "ACK 7 12", line + "0", "ACK x " + sum("x"))) {
      assertThat(Ack.parse(bad, Instant.EPOCH)).isEmpty();
    }
  }
}
