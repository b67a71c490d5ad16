package io.sendense.cloud.protection;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.VmId;

/** A machine that one appliance reported while another one holds it. */
public record HeldVm(VmId vm, String name, ApplianceId holder) {}
