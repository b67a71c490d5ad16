package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a restore made in a cloud and has not handed over. Every record is written before its thing
 * is asked for, and names it by something that only we use: an image's file name or an upload's
 * name, both with a part of chance. So a job that failed late, or an answer that never came, is
 * found by what it left. Removal goes jobs, machines, volumes, templates, images.
 */
final class Made {
  private static final int NOT_FOR_USERS = 531;
  static final String JOB = "job";
  static final String MACHINE = "machine";
  static final String VOLUME = "volume";
  static final String TEMPLATE = "template";
  static final String IMAGE = "image";

  private final CloudStackClient client;
  private final CloudStackScope scope;
  private final OwnerRecords records;
  private final String source;
  private final List<Resource> mine = new ArrayList<>();

  Made(CloudStackClient client, CloudStackScope scope, OwnerRecords records) {
    this.client = client;
    this.scope = scope;
    this.records = records;
    this.source = "machines of cloudstack:" + client.url();
  }

  void add(String kind, String name) {
    Resource made = new Resource(source, kind, name);
    records.add(made);
    mine.add(made);
  }

  void forget(String kind, String name) {
    Resource gone = new Resource(source, kind, name);
    records.remove(gone);
    mine.remove(gone);
  }

  /** Runs a job whose id is known to the records until its end was seen. */
  Answer job(String command, Map<String, String> parameters) {
    Answer begun = client.call(command, parameters);
    String id = begun.required("jobid");
    add(JOB, id);
    Answer result;
    try {
      result = client.await(command, id);
    } catch (SendenseException e) {
      if (CloudStackError.of(e).isPresent()) {
        forget(JOB, id);
      }
      throw e;
    }
    forget(JOB, id);
    return result;
  }

  /** Hands over what was made here: nothing of it but this kind is removed any more. */
  void keepAllBut(String kind) {
    List.copyOf(mine).stream()
        .filter(made -> !made.kind().equals(kind))
        .forEach(made -> forget(made.kind(), made.name()));
  }

  /** Removes what was made here. */
  void removeMine() {
    removeAll(List.copyOf(mine));
  }

  /** Removes what any process made and did not hand over. */
  void removeEverything() {
    removeAll(records.list(source));
  }

  private void removeAll(List<Resource> of) {
    each(of, JOB, this::endJob);
    each(of, MACHINE, this::removeMachine);
    each(of, VOLUME, this::removeVolume);
    each(of, TEMPLATE, this::removeTemplate);
    each(of, IMAGE, name -> removeImage(Path.of(name)));
  }

  private interface Removal {
    void of(String name);
  }

  private void each(List<Resource> of, String kind, Removal removal) {
    for (Resource each : of) {
      if (each.kind().equals(kind)) {
        removal.of(each.name());
        forget(each.kind(), each.name());
      }
    }
  }

  /** A job that still runs could make what was just found not to be there. */
  private void endJob(String id) {
    try {
      client.await("an earlier restore", id);
    } catch (SendenseException e) {
      if (CloudStackError.of(e).isEmpty()) {
        throw e;
      }
    }
  }

  /**
   * @param record name of the machine, a tab, and what only its root volume has: path or name
   */
  private void removeMachine(String record) {
    String[] parts = record.split("\t", 2);
    Map<String, String> asked = new LinkedHashMap<>(scope.listed());
    asked.put("name", parts[0]);
    for (Answer vm : client.all("listVirtualMachines", asked, "virtualmachine")) {
      if (vm.text("name").equals(parts[0]) && isOurs(vm, parts[1])) {
        destroy(vm.required("id"));
      }
    }
  }

  private void destroy(String id) {
    try {
      client.job("destroyVirtualMachine", Map.of("id", id, "expunge", "true"));
    } catch (SendenseException e) {
      if (CloudStackError.of(e).filter(said -> said.code() == NOT_FOR_USERS).isEmpty()) {
        throw e;
      }
      // Users may not expunge where that was not allowed; CloudStack does it after a while.
      client.job("destroyVirtualMachine", Map.of("id", id));
    }
  }

  private boolean isOurs(Answer vm, String mark) {
    return vm.text("templatename").equals(mark)
        || new CloudStackInventory(client, scope)
            .volumes(vm).stream().anyMatch(volume -> volume.text("path").equals(mark));
  }

  private void removeVolume(String name) {
    Map<String, String> asked = new LinkedHashMap<>(scope.listed());
    asked.put("name", name);
    List<Answer> found = new ArrayList<>(client.all("listVolumes", asked, "volume"));
    found.removeIf(volume -> !volume.text("name").equals(name));
    for (Answer volume : found) {
      String id = volume.required("id");
      if (!volume.text("virtualmachineid").isEmpty()) {
        client.job("detachVolume", Map.of("id", id));
      }
      client.call("deleteVolume", Map.of("id", id));
    }
  }

  private void removeTemplate(String name) {
    Map<String, String> asked = new LinkedHashMap<>(scope.listed());
    asked.put("name", name);
    asked.put("templatefilter", "self");
    for (Answer template : client.all("listTemplates", asked, "template")) {
      if (template.text("name").equals(name)) {
        client.job("deleteTemplate", Map.of("id", template.required("id")));
      }
    }
  }

  static void removeImage(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "the image "
              + file
              + " of a machine that was not made cannot be removed: "
              + e.getMessage(),
          "Remove it by hand.",
          e);
    }
  }
}
