/**
 * Where the secret of a repository comes from beyond a passphrase and a file: a PKCS#11 token, a
 * printed recovery code. Not how a secret opens a repository; that is the format's.
 */
@NullMarked
package io.sendense.appliance.keys;

import org.jspecify.annotations.NullMarked;
