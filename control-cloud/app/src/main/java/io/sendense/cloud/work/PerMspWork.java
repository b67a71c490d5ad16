package io.sendense.cloud.work;

import static io.sendense.cloud.db.tenancy.Tables.MSP;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.SystemPurpose;
import io.sendense.domain.MspId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Turns work for every MSP into one recurring work that asks for a one-time work for each. */
@Component
final class PerMspWork {
  private final ScopedTx tx;
  private final WorkQueue queue;
  private final List<PerMsp> works;

  PerMspWork(ScopedTx tx, WorkQueue queue, ObjectProvider<PerMsp> works) {
    this.tx = tx;
    this.queue = queue;
    this.works = works.stream().toList();
  }

  List<Recurring> recurring() {
    return works.stream()
        .map(work -> new Recurring(work.name(), work.period(), () -> ask(one(work))))
        .toList();
  }

  List<OneTime> oneTime() {
    return works.stream()
        .map(work -> new OneTime(one(work), data -> work.work().accept(MspId.parse(data))))
        .toList();
  }

  private static String one(PerMsp work) {
    return work.name() + ".msp";
  }

  private void ask(String task) {
    boolean unused =
        tx.run(
            new Scope.ForSystem(SystemPurpose.SCHEDULING),
            dsl -> {
              for (UUID msp : dsl.select(MSP.MSP_ID).from(MSP).fetch(MSP.MSP_ID)) {
                queue.add(dsl, task, msp.toString(), msp.toString(), Duration.ZERO);
              }
              return true;
            });
  }
}
