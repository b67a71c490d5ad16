@NullMarked
package io.sendense.recovery.registry;

import org.jspecify.annotations.NullMarked;
