@NullMarked
package io.sendense.recovery.proof;

import org.jspecify.annotations.NullMarked;
