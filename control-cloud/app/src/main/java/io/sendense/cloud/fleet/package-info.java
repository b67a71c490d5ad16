/**
 * The appliances: how they enrol, who they are, what the cloud wants of them and what they report.
 *
 * <p>It holds the certificate authority of the appliance link and its listener. It neither rates
 * usage nor decides about licences: it carries those to the packages that do.
 */
@NullMarked
package io.sendense.cloud.fleet;

import org.jspecify.annotations.NullMarked;
