@NullMarked
package io.sendense.recovery.convert;

import org.jspecify.annotations.NullMarked;
