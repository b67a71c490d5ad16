package io.sendense.connectors.cloudstack;

import io.sendense.connectors.cloudstack.CloudStackTarget.Choice;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Images are uploaded to secondary storage: the root as a template, from which the machine is
 * deployed, the others as volumes that are attached. CloudStack compares each with its SHA-256.
 */
final class UploadBuild implements Build {
  private final CloudStackClient client;
  private final CloudStackScope scope;
  private final Made made;
  private final Choice choice;
  private final Upload upload;
  private final Map<String, String> volumes = new LinkedHashMap<>();
  private @Nullable String template;
  private @Nullable String templateName;

  UploadBuild(CloudStackClient client, CloudStackScope scope, Made made, Choice choice) {
    this.client = client;
    this.scope = scope;
    this.made = made;
    this.choice = choice;
    this.upload = new Upload(client);
  }

  @Override
  public void finished(MachinePlan.Disk disk, boolean root, Path image) {
    String name = ImportBuild.fileName(image);
    Map<String, String> parameters = new LinkedHashMap<>(scope.owner());
    parameters.put("name", name);
    parameters.put("format", "QCOW2");
    parameters.put("zoneid", choice.zone());
    parameters.put("checksum", "{SHA-256}" + Upload.sha256(image));
    if (root) {
      made.add(Made.TEMPLATE, name);
      parameters.put("displaytext", name);
      parameters.put("hypervisor", "KVM");
      parameters.put("ostypeid", anyOsType());
      String id = upload.send("getUploadParamsForTemplate", parameters, image);
      upload.awaitTemplate(id, name);
      template = id;
      templateName = name;
    } else {
      made.add(Made.VOLUME, name);
      String id = upload.send("getUploadParamsForVolume", parameters, image);
      upload.awaitVolume(id, name);
      volumes.put(disk.name(), id);
    }
    // Proved on its way by the checksum; the copy here is of no more use.
    Made.removeImage(image);
    made.forget(Made.IMAGE, image.toString());
  }

  /** One that suits any guest. */
  private String anyOsType() {
    return client.all("listOsTypes", Map.of(), "ostype").stream()
        .filter(type -> type.text("description").startsWith("Other"))
        .filter(type -> type.text("description").contains("64-bit"))
        .findFirst()
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "CloudStack has no operating system \"Other (64-bit)\"",
                    "Import from primary storage with --pool instead."))
        .required("id");
  }

  @Override
  public String make(MachinePlan plan, Map<String, Path> images) {
    String from = template;
    String mark = templateName;
    if (from == null || mark == null) {
      throw new IllegalStateException("the root was not uploaded");
    }
    made.add(Made.MACHINE, plan.name() + "\t" + mark);
    Map<String, String> machine = new LinkedHashMap<>(scope.owner());
    machine.put("zoneid", choice.zone());
    machine.put("templateid", from);
    machine.put("name", plan.name());
    machine.put("displayname", plan.name());
    machine.put("startvm", "false");
    machine.putAll(choice.offering());
    machine.putAll(firmware(plan));
    for (int i = 0; i < plan.nics().size(); i++) {
      String card = "iptonetworklist[" + i + "].";
      machine.put(card + "networkid", choice.networks().get(i));
      plan.nics().get(i).mac().ifPresent(mac -> machine.put(card + "mac", mac));
    }
    String id =
        made.job("deployVirtualMachine", machine)
            .object("virtualmachine")
            .orElseThrow(() -> Answer.protocol("deployVirtualMachine gave no machine"))
            .required("id");
    for (MachinePlan.Disk disk : plan.disks()) {
      String volume = volumes.get(disk.name());
      if (volume != null) {
        made.job("attachVolume", Map.of("id", volume, "virtualmachineid", id));
      }
    }
    return id;
  }

  private static Map<String, String> firmware(MachinePlan plan) {
    return switch (plan.hardware().firmware()) {
      case BIOS -> Map.of();
      case UEFI -> Map.of("boottype", "UEFI", "bootmode", "LEGACY");
      case UEFI_SECURE -> Map.of("boottype", "UEFI", "bootmode", "SECURE");
    };
  }

  /** The root of a machine that was never started is still only its template. */
  @Override
  public void handOver(boolean started) {
    String from = template;
    String name = templateName;
    if (!started || from == null || name == null) {
      made.keepAllBut("");
      return;
    }
    made.keepAllBut(Made.TEMPLATE);
    try {
      client.job("deleteTemplate", Map.of("id", from));
      made.forget(Made.TEMPLATE, name);
    } catch (SendenseException e) {
      // The machine is good; the record stays, and the next restore removes the template.
      if (CloudStackError.of(e).isEmpty()) {
        throw e;
      }
    }
  }
}
