@NullMarked
package io.sendense.testkit.postgres;

import org.jspecify.annotations.NullMarked;
