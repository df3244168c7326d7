// SPDX-License-Identifier: Apache-2.0

//! Key that signs the transactions.

use anyhow::{Context, Result};
use clap::Args;
use std::{env, fs, path::PathBuf, str::FromStr};
use subxt_signer::{polkadot_js_compat::decrypt_json, sr25519::Keypair, SecretUri};

/// Environment variable with the password, if no file is given.
const PASSWORD_VARIABLE: &str = "PROVER_PASSWORD";

/// Source of the key.
#[derive(Args, Clone, Debug)]
pub struct SignerArgs {
	/// Derivation path of a development key, such as //Eve
	#[arg(long, value_name = "PATH", global = true, conflicts_with = "keystore")]
	dev: Option<String>,

	/// Key that polkadot.js exported (sr25519). The password comes from --password-file or the
	/// variable PROVER_PASSWORD
	#[arg(long, value_name = "FILE", global = true)]
	keystore: Option<PathBuf>,

	/// File with the password of the keystore
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
		let keystore = self.keystore.as_ref().context("no key: use --keystore or --dev")?;
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
				// Editors end a file with a line break, which is not part of the password.
				Ok(text.trim_end_matches(['\r', '\n']).into())
			},
			None => env::var(PASSWORD_VARIABLE).with_context(|| {
				format!("no password: use --password-file or the variable {PASSWORD_VARIABLE}")
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
	fn a_derivation_path_gives_the_key_of_a_development_chain() {
		let account = dev("//Eve").load().unwrap().public_key().to_account_id();
		assert_eq!(account.to_string(), "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw");
	}

	#[test]
	fn an_invalid_key_is_rejected_without_being_shown() {
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
