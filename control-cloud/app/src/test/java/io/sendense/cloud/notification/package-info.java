/** Tests of the rules of alerts, without a server. */
@NullMarked
package io.sendense.cloud.notification;

import org.jspecify.annotations.NullMarked;
