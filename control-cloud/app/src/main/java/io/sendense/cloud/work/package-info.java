/**
 * Work in the background: once per period, once per MSP and period, or once. It is claimed from the
 * database, so replicas can come and go. Not what the work does: the packages that have work offer
 * it as beans of the types here.
 */
@NullMarked
package io.sendense.cloud.work;

import org.jspecify.annotations.NullMarked;
