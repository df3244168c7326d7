// SPDX-License-Identifier: Apache-2.0

//! Key that signs the transactions.

use anyhow::{ensure, Context, Result};
use clap::Args;
use secrecy::{zeroize::Zeroizing, ExposeSecret, SecretString};
use std::{
	env,
	fs::File,
	io::{self, IsTerminal, Read},
	os::unix::fs::PermissionsExt,
	path::{Path, PathBuf},
	str::FromStr,
};
use subxt_signer::{polkadot_js_compat::decrypt_json, sr25519::Keypair, SecretUri};

/// Environment variable with the password of the keystore.
const PASSWORD_VARIABLE: &str = "PROVER_POOL_PASSWORD";

/// Rights of users other than the owner of a file.
const OTHERS: u32 = 0o077;

/// Source of the key. It has paths only, and no secret.
#[derive(Args, Clone, Debug, Default)]
pub struct SignerArgs {
	/// Derivation path of a well-known development key, such as //Eve
	#[arg(long, value_name = "PATH", global = true, env = "PROVER_POOL_DEV")]
	pub dev: Option<String>,

	/// Key that polkadot.js exported (sr25519). The password comes from --password-file, from the
	/// variable PROVER_POOL_PASSWORD or from a prompt
	#[arg(long, value_name = "FILE", global = true, env = "PROVER_POOL_KEYSTORE")]
	pub keystore: Option<PathBuf>,

	/// File with the password of the keystore
	#[arg(long, value_name = "FILE", global = true, env = "PROVER_POOL_PASSWORD_FILE")]
	pub password_file: Option<PathBuf>,

	/// File with a phrase or a seed in hex, and a derivation path after it if there is one
	#[arg(long, value_name = "FILE", global = true, env = "PROVER_POOL_SEED_FILE")]
	pub seed_file: Option<PathBuf>,
}

impl SignerArgs {
	/// Returns the number of keys that are named.
	pub fn given(&self) -> usize {
		let keys = [self.dev.is_some(), self.keystore.is_some(), self.seed_file.is_some()];
		keys.into_iter().filter(|is_given| *is_given).count()
	}

	/// Drops the keys of environment variables if the command line, which has the options for which
	/// `is_typed` is `true`, names a key.
	pub fn prefer_typed(&mut self, is_typed: impl Fn(&str) -> bool) {
		let [dev, keystore, seed_file] = ["dev", "keystore", "seed_file"].map(is_typed);
		if dev || keystore || seed_file {
			self.dev.take_if(|_| !dev);
			self.keystore.take_if(|_| !keystore);
			self.seed_file.take_if(|_| !seed_file);
		}
	}

	/// Reads the key. Asks for a phrase or a seed if no key is named and a person is at the terminal.
	pub fn load(&self) -> Result<Keypair> {
		self.load_or_ask(io::stdin().is_terminal())
	}

	fn load_or_ask(&self, can_ask: bool) -> Result<Keypair> {
		match self {
			Self { dev: Some(path), .. } => development_key(path),
			Self { seed_file: Some(path), .. } => own_key(&read_secret(path)?)
				.with_context(|| format!("{} has no phrase or seed", path.display())),
			Self { keystore: Some(path), .. } => {
				let json = read_secret(path)?;
				let password = self.password()?;
				decrypt_json(json.expose_secret(), password.expose_secret())
					.with_context(|| format!("cannot decrypt {}", path.display()))
			},
			_ => {
				ensure!(can_ask, "no key: use --keystore, --seed-file or --dev");
				own_key(&prompt("Phrase or seed of the key: ")?)
					.context("the typed text has no phrase or seed")
			},
		}
	}

	fn password(&self) -> Result<SecretString> {
		if let Some(path) = &self.password_file {
			return read_secret(path);
		}
		if let Ok(password) = env::var(PASSWORD_VARIABLE) {
			return Ok(Zeroizing::new(password).as_str().into());
		}
		ensure!(
			io::stdin().is_terminal(),
			"no password: use --password-file or the variable {PASSWORD_VARIABLE}"
		);
		prompt("Password of the keystore: ")
	}
}

/// Reads a secret from the terminal, which does not show it.
fn prompt(text: &str) -> Result<SecretString> {
	let typed = rpassword::prompt_password(text).context("cannot read from the terminal")?;
	Ok(Zeroizing::new(typed).as_str().into())
}

/// Returns the key at a derivation path of the well-known phrase.
///
/// A phrase or a seed on the command line would be visible to all users of the machine.
fn development_key(path: &str) -> Result<Keypair> {
	ensure!(
		path.starts_with('/'),
		"--dev takes the derivation path of a well-known key, such as //Eve. Use --seed-file for a \
		 phrase or a seed"
	);
	key_of(&SecretString::from(path.to_owned())).context("--dev takes a derivation path: //Eve")
}

/// Returns the key of a phrase or seed, and a derivation path after it if there is one.
fn own_key(secret: &SecretString) -> Result<Keypair> {
	let text = secret.expose_secret().trim_start();
	// A path alone would give a well-known key.
	ensure!(!text.is_empty() && !text.starts_with('/'), "it is empty, or a path alone");
	key_of(secret)
}

fn key_of(secret: &SecretString) -> Result<Keypair> {
	// The error would show the text.
	let uri = SecretUri::from_str(secret.expose_secret().trim())
		.map_err(|_| anyhow::anyhow!("it is no phrase, seed or derivation path"))?;
	Keypair::from_uri(&uri).map_err(|_| anyhow::anyhow!("the phrase or seed is not valid"))
}

/// Reads a secret from a file that only its owner can read.
fn read_secret(path: &Path) -> Result<SecretString> {
	let shown = path.display();
	let context = || format!("cannot read {shown}");
	let mut file = File::open(path).with_context(context)?;
	// The mode of the open file: the path may name another one by now.
	let mode = file.metadata().with_context(context)?.permissions().mode();
	ensure!(
		mode & OTHERS == 0,
		"other users can read {shown}: protect it with `chmod 600 {shown}`"
	);
	let mut text = Zeroizing::new(String::new());
	file.read_to_string(&mut text).with_context(context)?;
	// Editors end a file with a line break, which is not part of a secret.
	Ok(text.trim_end_matches(['\r', '\n']).into())
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs::{self, Permissions};
	use tempfile::NamedTempFile;

	const EVE: &str = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw";
	const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

	fn dev(path: &str) -> SignerArgs {
		SignerArgs { dev: Some(path.into()), ..SignerArgs::default() }
	}

	fn file(text: &str) -> NamedTempFile {
		let file = NamedTempFile::new().unwrap();
		fs::write(file.path(), text).unwrap();
		file
	}

	fn seed_file(file: &NamedTempFile) -> SignerArgs {
		SignerArgs { seed_file: Some(file.path().into()), ..SignerArgs::default() }
	}

	fn address(key: &Keypair) -> String {
		key.public_key().to_account_id().to_string()
	}

	#[test]
	fn a_derivation_path_gives_the_key_of_a_development_chain() {
		assert_eq!(address(&dev("//Eve").load().unwrap()), EVE);
	}

	#[test]
	fn a_secret_on_the_command_line_is_rejected_without_being_shown() {
		for secret in [PHRASE, "0x1234", "word//Eve"] {
			let error = format!("{:#}", dev(secret).load().unwrap_err());
			assert!(error.contains("--seed-file"), "{error}");
			assert!(!error.contains(secret), "{error}");
		}
	}

	#[test]
	fn a_seed_file_has_a_phrase_or_a_seed_and_a_path() {
		let phrase = file(&format!("{PHRASE}//Eve\n"));
		assert_eq!(address(&seed_file(&phrase).load().unwrap()), EVE);
		let seed = file("0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a");
		let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
		assert_eq!(address(&seed_file(&seed).load().unwrap()), alice);
		// The last three would give well-known keys.
		for text in ["no phrase", "", "\n", "//Eve\n"] {
			let error = format!("{:#}", seed_file(&file(text)).load().unwrap_err());
			assert!(error.contains("has no phrase or seed"), "{error}");
		}
	}

	#[test]
	fn a_file_that_others_can_read_is_rejected() {
		let file = file(PHRASE);
		for mode in [0o640, 0o604, 0o660] {
			fs::set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
			let error = format!("{:#}", seed_file(&file).load().unwrap_err());
			assert!(error.contains("chmod 600"), "{error}");
		}
		fs::set_permissions(file.path(), Permissions::from_mode(0o400)).unwrap();
		assert!(seed_file(&file).load().is_ok());
	}

	#[test]
	fn a_missing_key_is_reported_with_the_options() {
		let error = SignerArgs::default().load_or_ask(false).unwrap_err().to_string();
		assert!(error.contains("--keystore, --seed-file or --dev"), "{error}");
	}

	#[test]
	fn a_password_ends_before_the_line_break() {
		for (text, password) in
			[("a b ", "a b "), ("a b \n", "a b "), ("a b \r\n", "a b "), ("", "")]
		{
			let file = file(text);
			let path = Some(file.path().into());
			let args = SignerArgs { password_file: path, ..SignerArgs::default() };
			assert_eq!(args.password().unwrap().expose_secret(), password);
		}
	}
}
