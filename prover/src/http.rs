// SPDX-License-Identifier: Apache-2.0

//! Endpoints for Prometheus and for supervisors: `/metrics`, `/health` and `/ready`.

use crate::metrics::Metrics;
use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::{
	body::{Bytes, Incoming},
	server::conn::http1,
	service::service_fn,
	Request, Response, StatusCode,
};
use hyper_util::rt::TokioIo;
use metrics_exporter_prometheus::PrometheusHandle;
use std::{convert::Infallible, net::SocketAddr, time::Duration};
use tokio::{
	net::{TcpListener, TcpStream},
	time::sleep,
};
use tracing::{debug, warn};

/// Pause after a connection could not be accepted, for example because too many files are open.
const PAUSE: Duration = Duration::from_secs(1);

/// Interval in which the recorder collects the samples of histograms.
const UPKEEP: Duration = Duration::from_secs(60);

/// Serves the endpoints in the background.
pub fn serve(listener: TcpListener, handle: PrometheusHandle, metrics: Metrics) {
	tokio::spawn(upkeep(handle.clone()));
	tokio::spawn(async move {
		loop {
			match listener.accept().await {
				Ok((stream, _)) => {
					tokio::spawn(respond(stream, handle.clone(), metrics.clone()));
				},
				Err(error) => {
					warn!("Cannot accept a request for metrics: {error}. It is tried again.");
					sleep(PAUSE).await;
				},
			}
		}
	});
}

/// Listens at an address. Fails if another program does.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
	TcpListener::bind(address).await.with_context(|| {
		format!("cannot serve metrics at {address}: use another --metrics address")
	})
}

/// Collects samples, whose number would grow if no request collected them.
async fn upkeep(handle: PrometheusHandle) {
	loop {
		sleep(UPKEEP).await;
		handle.run_upkeep();
	}
}

async fn respond(stream: TcpStream, handle: PrometheusHandle, metrics: Metrics) {
	let service = service_fn(|request: Request<Incoming>| {
		let (status, text) = answer(request.uri().path(), &handle, &metrics);
		async move {
			let mut response = Response::new(Full::new(Bytes::from(text)));
			*response.status_mut() = status;
			Ok::<_, Infallible>(response)
		}
	});
	let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
	if let Err(error) = connection.await {
		debug!("A request for metrics failed: {error}.");
	}
}

fn answer(path: &str, handle: &PrometheusHandle, metrics: &Metrics) -> (StatusCode, String) {
	match path {
		"/metrics" => {
			metrics.refresh();
			(StatusCode::OK, handle.render())
		},
		"/health" => (StatusCode::OK, "ok\n".into()),
		"/ready" => match metrics.not_ready() {
			None => (StatusCode::OK, "ready\n".into()),
			Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
		},
		_ => (StatusCode::NOT_FOUND, "use /metrics, /health or /ready\n".into()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use metrics_exporter_prometheus::PrometheusBuilder;
	use tokio::{
		io::{AsyncReadExt, AsyncWriteExt},
		net::TcpStream,
	};

	fn handle() -> PrometheusHandle {
		PrometheusBuilder::new().build_recorder().handle()
	}

	async fn get(address: SocketAddr, path: &str) -> String {
		let mut stream = TcpStream::connect(address).await.unwrap();
		let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
		stream.write_all(request.as_bytes()).await.unwrap();
		let mut text = String::new();
		stream.read_to_string(&mut text).await.unwrap();
		text
	}

	#[tokio::test]
	async fn the_endpoints_answer() {
		let any = SocketAddr::from(([127, 0, 0, 1], 0));
		let listener = bind(any).await.unwrap();
		let address = listener.local_addr().unwrap();
		serve(listener, handle(), Metrics::default());
		assert!(get(address, "/health").await.starts_with("HTTP/1.1 200"));
		assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 200"));
		let ready = get(address, "/ready").await;
		assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("no node"), "{ready}");
		assert!(get(address, "/").await.starts_with("HTTP/1.1 404"));
		// The port is taken.
		let error = bind(address).await.unwrap_err();
		assert!(error.to_string().contains("--metrics"), "{error:#}");
	}
}
