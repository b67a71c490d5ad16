package io.sendense.cloud.commerce;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.web.Months;
import io.sendense.domain.MspId;
import java.time.InstantSource;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class InvoicePreviewController {
  private final ScopedTx tx;
  private final InstantSource clock;

  InvoicePreviewController(ScopedTx tx, InstantSource clock) {
    this.tx = tx;
    this.clock = clock;
  }

  @GetMapping("/customers/{customerId}/invoice-preview")
  InvoicePreview ofCustomer(
      Caller caller,
      @PathVariable String customerId,
      @RequestParam(required = false) @Nullable String period) {
    YearMonth month = Months.required(period, "period");
    return tx.run(
        caller.scope(), dsl -> InvoicePreviews.ofCustomer(dsl, customerId, month, clock.instant()));
  }

  @GetMapping("/msps/{mspId}/invoice-preview")
  InvoicePreview ofMsp(
      Caller caller,
      @PathVariable String mspId,
      @RequestParam(required = false) @Nullable String period) {
    MspId msp = MspId.parse(mspId);
    YearMonth month = Months.required(period, "period");
    return tx.run(
        caller.wholeMsp(msp), dsl -> InvoicePreviews.ofMsp(dsl, msp, month, clock.instant()));
  }
}
