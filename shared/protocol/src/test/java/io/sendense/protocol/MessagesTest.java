package io.sendense.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MessagesTest {
  private static final Map<String, Message> GOLDEN =
      Map.of(
          "desired-state-1.json", Samples.desiredState(),
          "reported-state-1.json", Samples.reportedState(),
          "lease-request-1.json", Samples.leaseRequest(),
          "lease-answer-1.json", Samples.leaseAnswer(),
          "usage-batch-1.json", Samples.usageBatch(),
          "usage-answer-1.json", Samples.usageAnswer(),
          "problem-1.json", Samples.problem());

  @Test
  void everyMessageIsWrittenAsItsGoldenFile() {
    GOLDEN.forEach(
        (file, message) ->
            assertThat(new String(Messages.write(message), UTF_8)).isEqualTo(golden(file)));
  }

  @Test
  void everyGoldenFileIsReadAsItsMessage() {
    GOLDEN.forEach(
        (file, message) ->
            assertThat((Message) Messages.read(message.getClass(), golden(file).getBytes(UTF_8)))
                .isEqualTo(message));
  }

  @Test
  void aReportOfAnApplianceThatTellsOfNoGonePointsIsRead() {
    ReportedState now = Samples.reportedState();
    ReportedState before =
        Messages.read(
            ReportedState.class, golden("reported-state-1-before-gone.json").getBytes(UTF_8));
    assertThat(before.gone()).isEmpty();
    assertThat(before.points()).isEqualTo(now.points());
    assertThat(before.commands()).isEqualTo(now.commands());
  }

  @Test
  void aLeaseOfBeforeTrustCouldBeRenewedIsRead() {
    LeaseAnswer answer =
        Messages.read(
            LeaseAnswer.class, golden("lease-answer-1-before-trust.json").getBytes(UTF_8));
    assertThat(answer.trust()).isEmpty();
    assertThat(answer.licence()).isEqualTo(Samples.leaseAnswer().licence());
    LeaseRequest request =
        Messages.read(
            LeaseRequest.class, golden("lease-request-1-before-trust.json").getBytes(UTF_8));
    assertThat(request.trusted()).isEmpty();
    assertThat(request.nonce()).isEqualTo(Samples.leaseRequest().nonce());
  }

  @Test
  void aDesiredStateWhosePoliciesHaveNoFurtherTermsIsRead() {
    DesiredState before =
        Messages.read(
            DesiredState.class, golden("desired-state-1-before-terms.json").getBytes(UTF_8));
    assertThat(before.policies())
        .containsExactly(Samples.desiredState().policies().getFirst())
        .allSatisfy(policy -> assertThat(policy.retention()).isEmpty());
  }

  @Test
  void aPolicyWhoseRetentionAnOlderApplianceWouldCutShortIsNotMade() {
    ProtectionPolicy policy = Samples.desiredState().policies().getFirst();
    Retention years = new Retention(0, 0, 0, 0, 0, 7, "UTC");
    assertThat(policy.with(Optional.of(years), Optional.empty(), Optional.empty()).keepLast())
        .isZero();
    String both = golden("desired-state-1.json").replace("\"keepLast\":0", "\"keepLast\":5");
    assertThatThrownBy(() -> Messages.read(DesiredState.class, both.getBytes(UTF_8)))
        .hasMessageContaining("beside a retention it must be 0");
  }

  @Test
  void aFieldOfALaterReleaseIsIgnored() {
    String later = golden("usage-answer-1.json").replace("{\"format\"", "{\"new\":[1],\"format\"");
    assertThat(Messages.read(UsageAnswer.class, later.getBytes(UTF_8)))
        .isEqualTo(Samples.usageAnswer());
  }

  @Test
  void anUnknownVersionIsRefusedByName() {
    refused(golden("usage-answer-1.json").replace("answer/1", "answer/2"), "usage-answer/2");
  }

  @Test
  void aDocumentOfAnotherTypeIsRefused() {
    refused(golden("desired-state-1.json"), "desired-state/1");
  }

  @Test
  void aDocumentWithoutAFormatIsRefused() {
    refused("{}", "not given");
  }

  @Test
  void aFieldGivenTwiceIsRefused() {
    refused(
        golden("usage-answer-1.json").replace("{\"format\"", "{\"epoch\":1,\"epoch\":2,\"format\""),
        "epoch");
  }

  @Test
  void whatStandsAfterTheDocumentIsRefused() {
    refused(golden("usage-answer-1.json") + "{}", "railing");
  }

  @Test
  void aMissingFieldIsNamed() {
    refused(golden("usage-answer-1.json").replace("\"stream\"", "\"strum\""), "\"stream\"");
  }

  @Test
  void aMissingNumberIsRefused() {
    refused(golden("usage-answer-1.json").replace("\"epoch\"", "\"epic\""), "epoch");
  }

  @Test
  void aValueOutsideItsBoundIsRefused() {
    refused(golden("usage-answer-1.json").replace("\"epoch\":2", "\"epoch\":0"), "epoch");
  }

  @Test
  void aTextWhereANumberBelongsIsRefused() {
    refused(golden("usage-answer-1.json").replace("\"epoch\":2", "\"epoch\":\"2\""), "");
  }

  @Test
  void deepNestingIsRefused() {
    refused("{\"a\":" + "[".repeat(100_000), "");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    refused("not json", "");
    refused("[]", "not a JSON object");
    refused("", "");
  }

  private static void refused(String json, String reason) {
    assertThatThrownBy(() -> Messages.read(UsageAnswer.class, json.getBytes(UTF_8)))
        .isInstanceOf(SendenseException.class)
        .hasMessageStartingWith("this is not a valid sendense.usage-answer/1 document")
        .hasMessageContaining(reason);
  }

  private static String golden(String file) {
    try (InputStream in = MessagesTest.class.getResourceAsStream("/golden/" + file)) {
      return new String(in.readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
