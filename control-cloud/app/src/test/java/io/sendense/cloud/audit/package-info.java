/** Tests of exported audit entries, without a server. */
@NullMarked
package io.sendense.cloud.audit;

import org.jspecify.annotations.NullMarked;
