package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.fleet.Appliances;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.Licence;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;

/** Issues licences for whoever may. */
@Component
public class Licences {
  private final LicenceActs acts;
  private final InstantSource clock;

  Licences(LicenceActs acts, InstantSource clock) {
    this.acts = acts;
    this.clock = clock;
  }

  /** Issues one in the place of the one in force. */
  public LicenceView issue(DSLContext dsl, String actor, CustomerRef customer, NewLicence wanted) {
    Instant now = clock.instant();
    Licence licence = wanted.checked(customer, now);
    licence.appliance().ifPresent(id -> Appliances.require(dsl, customer, id));
    if (licence.edition() == Edition.TRIAL && LicenceStore.everHad(dsl, customer, Edition.TRIAL)) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          customer.name() + " has had its trial",
          "Issue a licence of another edition; the community edition needs none.");
    }
    return LicenceView.of(
        acts.put(dsl, actor, licence, new Circumstances("issue", wanted.binds(), Optional.empty())),
        now);
  }

  /** Sees to it that edition, machines, storage and end are as wanted, and changes what is not. */
  public LicenceView ensure(DSLContext dsl, String actor, CustomerRef customer, NewLicence wanted) {
    Optional<LicenceRecord> held =
        LicenceStore.locked(dsl, customer).filter(row -> row.getRevokedAt() == null);
    if (held.isEmpty()) {
      return issue(dsl, actor, customer, wanted);
    }
    Instant now = clock.instant();
    LicenceRecord row = held.get();
    Licence before = LicenceStore.licence(row);
    Licence as = wanted.checked(customer, now);
    boolean same =
        before.edition() == as.edition()
            && before.limits().equals(as.limits())
            && before.validTo().equals(as.validTo());
    if (same) {
      return LicenceView.of(row, now);
    }
    ChangedLicence change =
        new ChangedLicence(
            wanted.edition(), wanted.maxVms(), wanted.maxStorageBytes(), wanted.validTo());
    LicenceRecord next =
        acts.put(dsl, actor, change.checked(before, now), Circumstances.after(row, "change"));
    return LicenceView.of(acts.keepSuspension(row, next), now);
  }

  /** The one in force, if there is one. */
  public Optional<LicenceView> inForce(DSLContext dsl, CustomerRef customer) {
    return LicenceStore.inForce(dsl, customer).map(row -> LicenceView.of(row, clock.instant()));
  }
}
