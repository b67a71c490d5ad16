package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.VmId;
import io.sendense.protocol.Vm;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import tools.jackson.databind.json.JsonMapper;

/** One appliance's machines, taken over in the transaction of its report. */
final class Inventory {
  private final DSLContext dsl;
  private final ApplianceRef from;
  private final OffsetDateTime now;
  private final JsonMapper json;

  Inventory(DSLContext dsl, ApplianceRef from, OffsetDateTime now, JsonMapper json) {
    this.dsl = dsl;
    this.from = from;
    this.now = now;
    this.json = json;
  }

  /** Gives back the machines that stay with another appliance. */
  List<HeldVm> takeOver(List<Vm> vms, Predicate<ApplianceId> holds) {
    Set<UUID> reported = Set.copyOf(vms.stream().map(vm -> vm.id().value()).toList());
    List<UUID> released =
        ProtectionState.appliances(dsl, from.customer().value(), reported).stream()
            .filter(other -> !other.equals(from.appliance()) && !holds.test(other))
            .map(ApplianceId::value)
            .toList();
    List<HeldVm> held = new ArrayList<>();
    for (Vm vm : vms) {
      if (!taken(vm, released)) {
        held.add(new HeldVm(vm.id(), vm.name(), holder(vm.id())));
      }
    }
    dsl.update(VM)
        .set(VM.GONE, true)
        .where(ofCustomer())
        .and(VM.APPLIANCE_ID.eq(from.appliance().value()))
        .and(VM.VM_ID.notIn(reported))
        .execute();
    return held;
  }

  /** The condition is judged on the row as it is locked, so of two at once one is refused. */
  private boolean taken(Vm vm, List<UUID> released) {
    int rows =
        dsl.insertInto(VM)
            .set(VM.MSP_ID, from.msp().value())
            .set(VM.CUSTOMER_ID, from.customer().value())
            .set(VM.VM_ID, vm.id().value())
            .set(VM.SITE_ID, from.site().value())
            .set(VM.APPLIANCE_ID, from.appliance().value())
            .set(VM.NAME, vm.name())
            .set(VM.PLATFORM, vm.platform().name().toLowerCase(Locale.ROOT))
            .set(VM.DISKS, JSONB.valueOf(json.writeValueAsString(vm.disks())))
            .set(VM.GONE, false)
            .set(VM.LAST_REPORTED_AT, now)
            .onConflict(VM.MSP_ID, VM.CUSTOMER_ID, VM.VM_ID)
            .doUpdate()
            .setAllToExcluded()
            .where(VM.APPLIANCE_ID.eq(from.appliance().value()))
            .or(VM.GONE.isTrue())
            .or(VM.APPLIANCE_ID.in(released))
            .execute();
    return rows == 1;
  }

  private ApplianceId holder(VmId vm) {
    return dsl.select(VM.APPLIANCE_ID)
        .from(VM)
        .where(ofCustomer())
        .and(VM.VM_ID.eq(vm.value()))
        .fetchSingle(row -> new ApplianceId(row.value1()));
  }

  private Condition ofCustomer() {
    return VM.MSP_ID.eq(from.msp().value()).and(VM.CUSTOMER_ID.eq(from.customer().value()));
  }
}
