// SPDX-License-Identifier: Apache-2.0

//! The key that signs.

use anyhow::{Context, Result};
use clap::Args;
use std::{env, fs, path::PathBuf, str::FromStr};
use subxt_signer::{polkadot_js_compat::decrypt_json, sr25519::Keypair, SecretUri};

/// The variable that the password is taken from, if no file is named.
const PASSWORD_VARIABLE: &str = "PROVER_PASSWORD";

/// Where the key comes from.
#[derive(Args, Clone, Debug)]
pub struct SignerArgs {
	/// A key of a development chain, by its derivation path: //Eve
	#[arg(long, value_name = "PATH", global = true, conflicts_with = "keystore")]
	dev: Option<String>,

	/// A key as polkadot.js exports it (sr25519). The password comes from --password-file or the
	/// variable PROVER_PASSWORD
	#[arg(long, value_name = "FILE", global = true)]
	keystore: Option<PathBuf>,

	/// The file with the password of the keystore
	#[arg(long, value_name = "FILE", global = true, requires = "keystore")]
	password_file: Option<PathBuf>,
}

impl SignerArgs {
	/// Reads the key.
	pub fn load(&self) -> Result<Keypair> {
		if let Some(path) = &self.dev {
			let uri = SecretUri::from_str(path).context("--dev takes a derivation path: //Eve")?;
			return Keypair::from_uri(&uri).context("--dev takes a derivation path: //Eve");
		}
		let keystore = self.keystore.as_ref().context("name a key with --keystore or --dev")?;
		let json = fs::read_to_string(keystore)
			.with_context(|| format!("cannot read {}", keystore.display()))?;
		decrypt_json(&json, &self.password()?)
			.with_context(|| format!("cannot decrypt {}", keystore.display()))
	}

	fn password(&self) -> Result<String> {
		match &self.password_file {
			Some(path) => {
				let text = fs::read_to_string(path)
					.with_context(|| format!("cannot read {}", path.display()))?;
				// Editors end a file with a line break, which is no part of the password.
				Ok(text.trim_end_matches(['\r', '\n']).into())
			},
			None => env::var(PASSWORD_VARIABLE).with_context(|| {
				format!("a keystore needs --password-file or the variable {PASSWORD_VARIABLE}")
			}),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn args() -> SignerArgs {
		SignerArgs { dev: None, keystore: None, password_file: None }
	}

	fn dev(path: &str) -> SignerArgs {
		SignerArgs { dev: Some(path.into()), ..args() }
	}

	#[test]
	fn a_path_gives_the_key_of_a_development_chain() {
		let account = dev("//Eve").load().unwrap().public_key().to_account_id();
		assert_eq!(account.to_string(), "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw");
	}

	#[test]
	fn what_is_no_key_is_refused_without_being_shown() {
		assert!(args().load().unwrap_err().to_string().contains("--keystore or --dev"));
		let error = dev("not//a secret").load().unwrap_err();
		assert!(!format!("{error:#}").contains("secret"));
	}

	#[test]
	fn a_password_ends_before_the_line_break() {
		let file = tempfile::NamedTempFile::new().unwrap();
		for (text, password) in
			[("a b ", "a b "), ("a b \n", "a b "), ("a b \r\n", "a b "), ("", "")]
		{
			fs::write(file.path(), text).unwrap();
			let args = SignerArgs { password_file: Some(file.path().into()), ..args() };
			assert_eq!(args.password().unwrap(), password);
		}
	}
}
