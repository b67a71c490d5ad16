package io.sendense.cloud.db;

/** Every reason for which the control plane reads without a caller's scope. There is no other. */
public enum SystemPurpose {
  /** Finds whose an enrolment token or a client certificate is, before a tenant is known. */
  ENROLMENT("enrolment"),
  /** Lists which tenants have scheduled work due; the work itself runs in each tenant's scope. */
  SCHEDULING("scheduling"),
  /** Counts which licence keys appliances believe, over all tenants. */
  LICENCE_KEYS("licence-keys");

  private final String setting;

  SystemPurpose(String setting) {
    this.setting = setting;
  }

  /** As policies in the migrations name it. */
  public String setting() {
    return setting;
  }
}
