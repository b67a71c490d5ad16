package io.sendense.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Signed usage reaches the cloud, once, and gives previews whose lines lead back to records. */
final class UsageChapter {
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private final Story story;
  private final Tenant tenant;
  private final YearMonth period;

  /**
   * @param period the month in the customer's time zone
   */
  UsageChapter(Story story, Tenant tenant, YearMonth period) {
    this.story = story;
    this.tenant = tenant;
    this.period = period;
  }

  /** What the previews said, for the portal to show the same. */
  record Totals(BigDecimal retail, BigDecimal wholesale) {}

  Totals tell() throws Exception {
    story.step(
        "signed usage records reach the cloud",
        () -> {
          JsonNode page =
              Waiting.until("the first usage record", DEADLINE, this::recordsWithAProtectedVm);
          return new Story.Done<>(page, Shown.of(ids(page).size() + " accepted, chain unbroken"));
        });
    JsonNode retail = retail();
    JsonNode wholesale = wholesale();
    // The appliance goes on sending: only records read after a preview hold all that it names.
    Set<String> records = ids(records());
    story.proof(
        "the customer's preview is explained down to records", () -> explain(retail, records));
    story.proof(
        "the MSP's wholesale preview is explained down to records",
        () -> explain(wholesale, records));
    return new Totals(total(retail), total(wholesale));
  }

  /** Every line's amount of both previews, in their order. */
  List<BigDecimal> amounts() throws Exception {
    List<BigDecimal> amounts = new ArrayList<>();
    for (JsonNode preview : List.of(retail(), wholesale())) {
      for (JsonNode line : preview.path("lines")) {
        amounts.add(new BigDecimal(line.path("amount").asString()));
      }
    }
    return amounts;
  }

  private JsonNode retail() throws Exception {
    return tenant
        .mspAdmin()
        .get(tenant.customerPath() + "/invoice-preview?period=" + period)
        .orFail("the preview");
  }

  private JsonNode wholesale() throws Exception {
    return tenant
        .mspAdmin()
        .get("/api/v1/msps/" + tenant.msp() + "/invoice-preview?period=" + period)
        .orFail("the MSP's preview");
  }

  private Optional<JsonNode> recordsWithAProtectedVm() throws Exception {
    JsonNode page = records();
    for (JsonNode record : page.path("items")) {
      for (JsonNode vm : record.path("vms")) {
        if (vm.path("protected").asBoolean(false)) {
          return Optional.of(page);
        }
      }
    }
    return Optional.empty();
  }

  private JsonNode records() throws Exception {
    return tenant.mspAdmin().get(tenant.customerPath() + "/usage-records").orFail("usage records");
  }

  static Set<String> ids(JsonNode page) {
    Set<String> ids = new HashSet<>();
    for (JsonNode record : page.path("items")) {
      ids.add(record.path("id").asString());
    }
    return ids;
  }

  private static Shown explain(JsonNode preview, Set<String> known) {
    BigDecimal sum = BigDecimal.ZERO;
    int explained = 0;
    for (JsonNode line : preview.path("lines")) {
      sum = sum.add(new BigDecimal(line.path("amount").asString()));
      for (JsonNode id : line.path("recordIds")) {
        Story.require(
            known.contains(id.asString()),
            "line " + line.path("code").asString() + " names an unknown record " + id.asString());
        explained++;
      }
    }
    BigDecimal total = total(preview);
    Story.require(sum.compareTo(total) == 0, "lines sum to " + sum + " but the total is " + total);
    Story.require(explained > 0, "no line rests on a usage record");
    return Shown.of(
        "USD "
            + total.toPlainString()
            + " in "
            + preview.path("lines").size()
            + " lines, "
            + explained
            + " references to records");
  }

  private static BigDecimal total(JsonNode preview) {
    return new BigDecimal(preview.path("total").asString());
  }
}
