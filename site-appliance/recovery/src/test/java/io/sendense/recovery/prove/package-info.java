@NullMarked
package io.sendense.recovery.prove;

import org.jspecify.annotations.NullMarked;
