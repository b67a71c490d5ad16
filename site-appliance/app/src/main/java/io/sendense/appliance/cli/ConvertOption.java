package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.convert.Target;
import io.sendense.recovery.windows.DriverFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a guest is to start, and the cards it has there. */
final class ConvertOption {
  @Option(
      names = "--target",
      required = true,
      paramLabel = "PLATFORM",
      description = "kvm, cloudstack, vmware, hyperv, aws, azure or nutanix.")
  String target = "";

  @Option(
      names = "--nic",
      paramLabel = "NAME=MAC",
      description =
          "The address of a card of the new machine, and the name that the guest's settings use for"
              + " it. Once per card; a single card needs none.")
  Map<String, String> cards = new LinkedHashMap<>();

  @Option(
      names = "--drivers",
      paramLabel = "DIR",
      description =
          "For Windows: a folder with the platform's drivers (.inf files and what belongs to them,"
              + " at any depth), such as what is in the image of virtio drivers.")
  @Nullable Path drivers;

  Optional<DriverFolder> driverFolder() {
    return Optional.ofNullable(drivers).map(DriverFolder::new);
  }

  Target target() {
    cards.forEach(
        (name, mac) -> {
          if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,14}")
              || !mac.matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")) {
            throw new SendenseException(
                ErrorCode.BAD_ARGUMENT,
                "--nic " + name + "=" + mac + " is no name and address",
                "Write it as in --nic ens192=52:54:00:12:34:56.");
          }
        });
    return Target.parse(target);
  }
}
