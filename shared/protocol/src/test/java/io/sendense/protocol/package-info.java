/** Tests of the messages against golden files. */
package io.sendense.protocol;
