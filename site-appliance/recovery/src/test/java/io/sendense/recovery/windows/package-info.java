@NullMarked
package io.sendense.recovery.windows;

import org.jspecify.annotations.NullMarked;
